// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
)

// noise is a change that a busy machine makes by itself.
const noise = 0.1

// compareFiles prints how the second results differ from the first.
func compareFiles(out io.Writer, names []string) error {
	if len(names) == 0 {
		all, _ := filepath.Glob(filepath.Join(resultsDir, "results-*.json")) // a good pattern
		slices.Sort(all)                                                     // by their time
		names = all[max(0, len(all)-2):]
	}
	if len(names) != 2 {
		return errors.New("name two files of results, the older one first")
	}
	old, err := readResults(names[0])
	if err != nil {
		return err
	}
	recent, err := readResults(names[1])
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "old: %s\nnew: %s\n%s", old.header(), recent.header(), compare(old, recent))
	return nil
}

// compare sets side by side every figure of which more or less is better.
func compare(old, recent results) string {
	lines := [][]string{{"what", "old", "new", "change", "verdict"}}
	for _, t := range recent.Tables {
		for _, r := range t.Rows {
			for i, c := range t.Columns {
				if c.Better == "" || math.IsNaN(float64(r.Values[i])) {
					continue
				}
				before := old.find(t.Name, r.Label, c.Name)
				change, verdict := judge(c.Better, float64(before), float64(r.Values[i]))
				lines = append(lines, []string{t.Name + ": " + r.Label + ", " + c.Name,
					c.format(before), c.format(r.Values[i]), change, verdict})
			}
		}
	}
	return align(lines)
}

// find gives a figure, or absent.
func (r results) find(name, label, figure string) number {
	for _, t := range r.Tables {
		i := slices.IndexFunc(t.Columns, func(c column) bool { return c.Name == figure })
		j := slices.IndexFunc(t.Rows, func(r row) bool { return r.Label == label })
		if t.Name == name && i >= 0 && j >= 0 && i < len(t.Rows[j].Values) {
			return t.Rows[j].Values[i]
		}
	}
	return absent
}

// judge says by how much a figure changed, and whether that is good.
func judge(better string, before, after float64) (change, verdict string) {
	relative := after/before - 1
	if math.IsNaN(relative) || math.IsInf(relative, 0) {
		return "", ""
	}
	change = fmt.Sprintf("%+.0f%%", 100*relative)
	switch {
	case math.Abs(relative) <= noise:
		return change, ""
	case (relative > 0) == (better == "more"):
		return change, "better"
	}
	return change, "worse"
}
