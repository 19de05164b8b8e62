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
	fullBlock = 400 // persons who are all compared with each other
	window    = 50  // of more persons with nothing to tell them apart, each is compared with so many
	telling   = 2   // what tells persons apart is common to no more than one in so many
)

// Pairs finds the pairs of a block whose score reaches the threshold, each once:
// persons by their numbers, i < j. In a small block all are compared. In a large
// one those are who have another thing in common: what the block has in common is
// too frequent there to be enough by itself. It ends early when ctx does.
func (p *Population) Pairs(ctx context.Context, block []Person, take func(i, j int, r Result)) {
	b := blocker{ctx: ctx, population: p, all: block, take: take}
	members := make([]int, len(block))
	for i := range members {
		members[i] = i
	}
	b.compare(members, "")
}

// born gives what the birth dates of two persons have in common who agree in it,
// or would if one had day and month swapped; 0 when the day is not known.
func (a *Person) born() int {
	year, month, day := a.birth/10000, a.birth/100%100, a.birth%100
	if day == 0 {
		return 0
	}
	return year*10000 + min(day*100+month, month*100+day)
}

type blocker struct {
	ctx        context.Context //nolint:containedctx // of one block
	population *Population
	all        []Person
	take       func(i, j int, r Result)
	taken      map[[2]int]bool // in large blocks, where a pair is met more than once
}

// compare compares members who have all things in common up to one.
func (b *blocker) compare(members []int, last string) {
	if b.ctx.Err() != nil {
		return
	}
	if len(members) <= fullBlock {
		b.window(members, len(members))
		return
	}
	if b.taken == nil {
		b.taken = map[[2]int]bool{}
	}
	apart := b.apart(members, last)
	for _, thing := range slices.Sorted(maps.Keys(apart)) {
		if len(apart[thing]) <= len(members)/telling {
			b.compare(apart[thing], thing)
		}
	}
	b.window(members, window)
}

// apart gives those who have one more thing in common, by that thing.
func (b *blocker) apart(members []int, last string) map[string][]int {
	apart := map[string][]int{}
	for _, i := range members {
		for _, thing := range b.all[i].things() {
			if thing > last {
				apart[thing] = append(apart[thing], i)
			}
		}
	}
	return apart
}

// window compares each with so many of the next ones.
func (b *blocker) window(members []int, width int) {
	for n, i := range members {
		for _, j := range members[n+1 : min(n+1+width, len(members))] {
			if b.population.Score(&b.all[i], &b.all[j]) >= Threshold && !b.taken[[2]int{i, j}] {
				if b.taken != nil {
					b.taken[[2]int{i, j}] = true
				}
				b.take(i, j, b.population.Compare(&b.all[i], &b.all[j]))
			}
		}
	}
}

// things are what a person may have in common with another.
func (a *Person) things() (things []string) {
	for _, w := range a.words {
		things = append(things, "w"+w.text)
	}
	if a.household != "" {
		things = append(things, "h"+a.household)
	}
	if a.birth > 0 {
		things = append(things, "y"+strconv.Itoa(a.birth/10000))
	}
	if day := a.born(); day > 0 {
		things = append(things, "b"+strconv.Itoa(day), "d"+strconv.Itoa(day%10000))
	}
	return things
}
