// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"thalamus/internal/synth"
)

// duplicates adds another record of every tenth person, and looks how many of them
// are found, and how much else.
func (x *index) duplicates(ctx context.Context) error {
	second := x.persons / 10
	if err := x.importRecords(ctx, "import of second records", second, x.duplicate); err != nil {
		return err
	}
	if err := x.settle(ctx, "the same of the second records"); err != nil {
		return err
	}
	pairs := pairCounter{found: map[string]bool{}}
	if err := x.timeCommand(ctx, "duplicates", x.persons+second, &pairs, "duplicates"); err != nil {
		return err
	}
	right := float64(len(pairs.found))
	x.add("precision of the pairs", map[string]number{"number": number(pairs.all), "share": number(right / float64(pairs.all))})
	x.add("recall of the second records", map[string]number{"number": number(second), "share": number(right / float64(second))})
	x.addRecallByError(second, pairs.found)
	return x.matches(ctx)
}

// addRecallByError adds a row for each kind of error, of the second records that have
// it; nearly half of these have others besides.
func (x *index) addRecallByError(second int, found map[string]bool) {
	all, right := map[synth.Error]int{}, map[synth.Error]int{}
	for n := range second {
		again, made := x.source.Again(10 * n)
		slices.Sort(made)
		for _, kind := range slices.Compact(made) {
			all[kind]++
			if found[again.ID] {
				right[kind]++
			}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		x.add("recall: "+string(kind), map[string]number{"number": number(all[kind]), "share": number(float64(right[kind]) / float64(all[kind]))})
	}
}

// matches asks for the duplicates of one person after another.
func (x *index) matches(ctx context.Context) error {
	g, err := x.guest(ctx)
	if err != nil {
		return err
	}
	defer g.close()
	var took []float64
	for range x.searches {
		q := g.who.get("/people/" + x.source.Person(rand.IntN(x.persons)).ID + "/matches") //nolint:gosec // anybody
		begun := time.Now()
		if err := g.list(q, io.Discard); err != nil {
			return fmt.Errorf("GET matches: %w", err)
		}
		took = append(took, millis(time.Since(begun)))
	}
	x.addTimes("GET /people/{id}/matches", took, nil)
	return nil
}

// pairCounter counts the lines that thalamus duplicates writes, and those of which
// one is the second record of the other.
type pairCounter struct {
	all   int
	found map[string]bool // the second records, by id
	rest  []byte
}

// Write is io.Writer's.
func (p *pairCounter) Write(text []byte) (int, error) {
	p.rest = append(p.rest, text...)
	for {
		line, rest, whole := bytes.Cut(p.rest, []byte("\n"))
		if !whole {
			return len(text), nil
		}
		var pair struct{ Person, Other string }
		if err := json.Unmarshal(line, &pair); err != nil {
			return 0, fmt.Errorf("read a pair: %w", err)
		}
		p.all++
		for _, ids := range [][2]string{{pair.Person, pair.Other}, {pair.Other, pair.Person}} {
			if isSecond(ids[0], ids[1]) {
				p.found[ids[1]] = true
			}
		}
		p.rest = rest
	}
}

// isSecond goes by the ids that synth gives.
func isSecond(first, second string) bool {
	number, found := strings.CutSuffix(second, "DUP")
	return found && first == number+"PMI"
}
