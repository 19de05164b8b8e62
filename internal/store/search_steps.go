// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"slices"
)

// Bounds of the steps: of many words the most telling lead to a person, and of many
// readings the first.
const (
	mostTelling     = 8
	mostFrequent    = 5 // of those that many have
	rareWeight      = 9 // bits: one person in five hundred has the word
	readingsButOne  = 3
	readingsWithTwo = 2
)

// step asks for persons in several ways.
type step struct {
	ways []way
	most int // persons of all
}

// way is what a person has: of each set of words one.
type way [][]string

func (w way) sql(args *parameters) (sql string) {
	for i, words := range w {
		if i > 0 {
			sql += ` AND `
		}
		sql += `words && ` + args.add(words)
	}
	return sql
}

// steps gives the questions of a search, the narrowest first: all words, as near as
// they are to be had; all but the short ones; all but one; two of the most telling.
func (s Search) steps(q question) (steps []step) {
	add := func(most int, ways []way) {
		if len(ways) > 0 {
			steps = append(steps, step{ways, most})
		}
	}
	for level := exact; level <= far; level++ {
		words := telling(q.typed, mostTelling)
		if !slices.ContainsFunc(words, func(w *searchWord) bool { return w.has(level) }) {
			continue // it would say the same again
		}

		ways := []way{allOf(words, func(w *searchWord) []string { return w.upTo(level) })}
		if level == exact {
			ways = append(ways, waysOf(q.readings[1:], mostReadings, asTheyAre)...)
		}

		add(mostCandidates*len(ways), ways)
	}

	add(mostCandidates, waysOf(q.readings, readingsButOne, withoutShort))
	add(s.mostButOne(q), waysOf(q.readings, readingsButOne, allButOne))
	var two []way

	for _, reading := range q.readings[:min(readingsWithTwo, len(q.readings))] {
		two = append(two, twoOf(reading)...)
	}

	add(mostPartial*len(two), two)
	return steps
}

// mostButOne is how many are ranked whom one word does not fit. Of two words one is
// left: those who have that are all alike, and a few more than are wanted do.
func (s Search) mostButOne(q question) int {
	if len(q.readings[0]) == 2 && s.Filter.BornTo == 0 {
		return min(mostPartial, 4*s.Limit*min(len(q.readings), readingsButOne))
	}
	return mostPartial
}

// waysOf gives the ways in which persons have some words of the first readings.
func waysOf(readings [][]*searchWord, most int, choose func(words []*searchWord) [][]*searchWord) (ways []way) {
	for _, reading := range readings[:min(most, len(readings))] {
		for _, words := range choose(reading) {
			ways = append(ways, allOf(words, (*searchWord).best))
		}
	}
	return ways
}

func allOf(words []*searchWord, choose func(*searchWord) []string) (w way) {
	for _, word := range words {
		w = append(w, choose(word))
	}
	return w
}

// telling gives the most telling words, those that nobody has last.
func telling(words []*searchWord, most int) []*searchWord {
	if len(words) <= most {
		return words
	}

	sorted := slices.Clone(words)
	slices.SortStableFunc(sorted, func(a, b *searchWord) int {
		return cmp.Or(cmp.Compare(b.fits(), a.fits()), cmp.Compare(b.weight, a.weight))
	})

	return sorted[:most]
}

// fits is 1 for a word that leads to somebody, as far as is known.
func (a *searchWord) fits() int {
	if a.exists || a.run || len(a.similar) > 1 {
		return 1
	}
	return 0
}

func asTheyAre(words []*searchWord) [][]*searchWord {
	return [][]*searchWord{telling(words, mostTelling)}
}

// withoutShort leaves out initials and words of two letters, if there are others.
func withoutShort(words []*searchWord) [][]*searchWord {
	long := slices.DeleteFunc(slices.Clone(words), (*searchWord).short)
	if len(long) == 0 || len(long) == len(words) {
		return nil
	}
	return [][]*searchWord{telling(long, mostTelling)}
}

func allButOne(words []*searchWord) (ways [][]*searchWord) {
	words = telling(words, mostTelling)
	for i := range words {
		if len(words) > 1 {
			ways = append(ways, slices.Delete(slices.Clone(words), i, i+1))
		}
	}

	return ways
}

// twoOf gives the ways to have two words of many: a rare one and any other, or two of
// the most telling ones that are frequent. Short words are in too many names.
func twoOf(words []*searchWord) (ways []way) {
	if len(words) < 4 {
		return nil
	}

	long := telling(slices.DeleteFunc(slices.Clone(words), (*searchWord).short), mostTelling)
	var frequent []*searchWord
	for i, w := range long {
		if w.weight < rareWeight {
			frequent = append(frequent, w)
			continue
		}
		rest := slices.Delete(slices.Clone(long), i, i+1)
		ways = append(ways, way{w.best(), slices.Concat(allOf(rest, (*searchWord).best)...)})
	}

	frequent = telling(frequent, mostFrequent)
	for i, w := range frequent {
		for _, other := range frequent[i+1:] {
			ways = append(ways, way{w.best(), other.best()})
		}
	}

	return ways
}

// best gives the nearest words that are known.
func (a *searchWord) best() []string { return a.upTo(a.nearest().level) }
