// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"thalamus/internal/synth"
)

// duplicates adds another record of every tenth person, and looks how many of them
// are found, and how much else.
func (x *index) duplicates(ctx context.Context) error {
	second := x.persons / 10
	err := x.importRecords(ctx, "Import/of=duplicates", second, func(n int) []byte {
		again, _ := x.source.Duplicate(10 * n)
		return again.Record()
	})
	if err != nil {
		return err
	}
	err = x.publish(ctx, "PublishDuplicates")
	if err != nil {
		return err
	}

	var lines bytes.Buffer
	err = x.command(ctx, "Duplicates", x.persons+second, &lines, "duplicates")
	if err != nil {
		return err
	}
	pairs, found, err := countPairs(&lines)
	if err != nil {
		return err
	}

	right := float64(len(found))
	x.line("Index/Duplicates/of=pairs", pairs, metric{100 * right / float64(pairs), "%-precision"})
	x.line("Index/Duplicates/of=persons", second, metric{100 * right / float64(second), "%-recall"})
	x.recallByError(second, found)
	return x.matches(ctx)
}

// recallByError writes a line for each kind of error, of the second records that have
// it; nearly half of these have others besides.
func (x *index) recallByError(second int, found map[string]bool) {
	all, right := map[synth.Error]int{}, map[synth.Error]int{}
	for n := range second {
		again, made := x.source.Duplicate(10 * n)
		slices.Sort(made)
		for _, kind := range slices.Compact(made) {
			all[kind]++
			if found[again.ID] {
				right[kind]++
			}
		}
	}

	for _, kind := range slices.Sorted(maps.Keys(all)) {
		name := strings.ReplaceAll(string(kind), " ", "_")
		x.line("Index/Duplicates/error="+name, all[kind], metric{100 * float64(right[kind]) / float64(all[kind]), "%-recall"})
	}
}

// countPairs counts the lines that thalamus duplicates writes, and gives the second
// records, by id, whose pair is one of them.
func countPairs(lines io.Reader) (all int, found map[string]bool, err error) {
	found = map[string]bool{}
	for decoder := json.NewDecoder(lines); decoder.More(); all++ {
		var pair struct{ Person, Other string }
		err := decoder.Decode(&pair)
		if err != nil {
			return 0, nil, fmt.Errorf("read a pair: %w", err)
		}

		switch {
		case isSecond(pair.Person, pair.Other):
			found[pair.Other] = true
		case isSecond(pair.Other, pair.Person):
			found[pair.Person] = true
		}
	}
	return all, found, nil
}

// isSecond goes by the ids that synth gives.
func isSecond(first, second string) bool {
	number, found := strings.CutSuffix(second, "DUP")
	return found && first == number+"PMI"
}

// matches asks for the duplicates of one person after another.
func (x *index) matches(ctx context.Context) error {
	s, err := x.serve(ctx)
	if err != nil {
		return err
	}

	var took []time.Duration
	for n := range x.searches {
		one, err := s.time(ctx, get("/people/"+x.source.Person(n*7_919%x.persons).ID+"/matches"))
		if err != nil {
			return err
		}
		took = append(took, one)
	}

	for _, round := range inRounds(x.options, took) {
		x.line("Index/Matches", len(round), times(round)...)
	}
	return nil
}
