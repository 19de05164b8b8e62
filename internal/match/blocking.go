// SPDX-License-Identifier: GPL-3.0-or-later

package match

import (
	"context"
	"maps"
	"slices"
	"strconv"
)

// Bounds of a block, so that no name or date, however frequent, is a burden.
const (
	maxFullBlock = 400 // persons that are all compared with each other
	windowSize   = 50  // in a larger block that cannot be divided, each is compared with so many of the next
	minDivision  = 2   // a key divides a block if no more than one in so many have it
)

// Pairs finds the pairs of candidates of a block whose score reaches the threshold, each
// once: persons by their indexes, i < j. In a small block all are compared. A large one is
// divided by further blocking keys: the key of the block is too frequent there to be
// enough by itself. Pairs ends early when ctx does.
func (f *Frequencies) Pairs(ctx context.Context, block []Person, yield func(i, j int, r Result)) {
	b := blocker{ctx: ctx, frequencies: f, block: block, yield: yield}
	members := make([]int, len(block))
	for i := range members {
		members[i] = i
	}
	b.compare(members, "")
}

type blocker struct {
	ctx         context.Context //nolint:containedctx // of one block
	frequencies *Frequencies
	block       []Person
	yield       func(i, j int, r Result)
	yielded     map[[2]int]bool // in large blocks, where a pair is met more than once
}

// compare compares members that have all keys up to last in common.
func (b *blocker) compare(members []int, last string) {
	if b.ctx.Err() != nil {
		return
	}
	if len(members) <= maxFullBlock {
		b.compareWindow(members, len(members))
		return
	}

	if b.yielded == nil {
		b.yielded = map[[2]int]bool{}
	}
	divisions := b.divide(members, last)
	for _, key := range slices.Sorted(maps.Keys(divisions)) {
		if len(divisions[key]) <= len(members)/minDivision {
			b.compare(divisions[key], key)
		}
	}
	b.compareWindow(members, windowSize)
}

// divide gives the members that have one more key in common, by that key.
func (b *blocker) divide(members []int, last string) map[string][]int {
	divisions := map[string][]int{}
	for _, i := range members {
		for _, key := range b.block[i].blockingKeys() {
			if key > last {
				divisions[key] = append(divisions[key], i)
			}
		}
	}
	return divisions
}

// compareWindow compares each member with so many of the next ones.
func (b *blocker) compareWindow(members []int, size int) {
	for n, i := range members {
		for _, j := range members[n+1 : min(n+1+size, len(members))] {
			b.comparePair(i, j)
		}
	}
}

func (b *blocker) comparePair(i, j int) {
	one, other := &b.block[i], &b.block[j]
	if b.frequencies.Score(one, other) < Threshold || b.yielded[[2]int{i, j}] {
		return
	}

	if b.yielded != nil {
		b.yielded[[2]int{i, j}] = true
	}
	b.yield(i, j, b.frequencies.Compare(one, other))
}

// blockingKeys are the words, household, year and day of a person, which others may have,
// too.
func (a *Person) blockingKeys() (keys []string) {
	for _, w := range a.words {
		keys = append(keys, "w"+w.text)
	}
	if a.household != "" {
		keys = append(keys, "h"+a.household)
	}
	if a.birth > 0 {
		keys = append(keys, "y"+strconv.Itoa(a.birth/10000))
	}
	if day := a.birthKey(); day > 0 {
		keys = append(keys, "b"+strconv.Itoa(day), "d"+strconv.Itoa(day%10000))
	}
	return keys
}

// birthKey is the same for two birth dates that are equal, or would be if one had day and
// month swapped; 0 when the day is unknown.
func (a *Person) birthKey() int {
	year, month, day := a.birth/10000, a.birth/100%100, a.birth%100
	if day == 0 {
		return 0
	}
	return year*10000 + min(day*100+month, month*100+day)
}
