// SPDX-License-Identifier: GPL-3.0-or-later

package match_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/match"
)

func pairs(t *testing.T, block []match.Person) map[[2]int]bool {
	t.Helper()
	found := map[[2]int]bool{}
	frequencies.Pairs(t.Context(), block, func(i, j int, r match.Result) {
		if i >= j || found[[2]int{i, j}] || r.Score < match.Threshold {
			t.Errorf("%d, %d: %v", i, j, r)
		}
		found[[2]int{i, j}] = true
	})

	return found
}

func TestABlocksPairsAreFoundOnce(t *testing.T) {
	t.Parallel()
	block := []match.Person{person("ana quispe|19720913|f|"), person("eva mamani|19720913|f|"), person("anna quispe|19720913|f|"), person("ana quispe|19720913|f|")}
	if got := pairs(t, block); len(got) != 3 || got[[2]int{0, 1}] {
		t.Errorf("got %v", got)
	}
}

// Where nearly everybody has nearly every name, there are as many ways to have some
// in common as there are sets of names.
func TestABlockOfFrequentNamesIsBounded(t *testing.T) {
	t.Parallel()
	names := strings.Fields("ana eva ida lea mia noa rut sol uma zoe")
	var block []match.Person

	for n := range 3000 {
		own := slices.Delete(slices.Clone(names), n%len(names), n%len(names)+1)
		block = append(block, person(fmt.Sprintf("%s w%d|0|f|", strings.Join(own, " "), n)))
	}

	begun := 0
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()

	frequencies.Pairs(ctx, block, func(int, int, match.Result) { begun++ })
	if begun < len(block) || begun > 100*len(block) {
		t.Errorf("%d pairs", begun)
	}

	cancel()
	frequencies.Pairs(ctx, block, func(int, int, match.Result) { t.Fatal("it goes on after its context ended") })
}

// In a block of thousands with a frequent name it must not take their square.
func TestALargeBlockIsDivided(t *testing.T) {
	t.Parallel()
	var block []match.Person
	for n := range 4000 {
		block = append(block, person(fmt.Sprintf("maria garcia|%d|f|D%d", 19300101+n%80*10000+n%9*100+n%25, n)))
	}

	block = append(block,
		person("maria garcia quispe|19860913|f|D1001x"), person("maria garcia|0|f|D1"), person("maria garcia quispe|19860913|f|D1002x"))
	if got := pairs(t, block); !got[[2]int{4000, 4002}] {
		t.Errorf("got %d, without the two", len(got))
	}

	for n := range block {
		block[n] = person("maria garcia quispe|19860913|f|")
	}

	if got := pairs(t, block); len(got) < len(block) || len(got) > 100*len(block) {
		t.Errorf("%d pairs of the same", len(got))
	}
}
