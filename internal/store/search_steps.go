// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"slices"
)

// Bounds of the steps: of many words the most selective lead to a person, and of many
// segmentations the first.
const (
	maxSelective         = 8
	manyWords            = 5 // of which a step is left out that the next one includes
	maxFrequent          = 5 // of the words that many have
	minRareWeight        = 9 // bits: one person in five hundred has the word
	segmentationsButOne  = 3
	segmentationsWithTwo = 2
)

// searchStep is a query for the persons of any of its conditions.
type searchStep struct {
	conditions []wordCondition
	max        int // persons, of all conditions together
}

// wordCondition is true of a person who has one word of each set.
type wordCondition [][]string

func (w wordCondition) sql(args *parameters) (sql string) {
	for i, words := range w {
		if i > 0 {
			sql += ` AND `
		}
		sql += `words && ` + args.add(words)
	}
	return sql
}

// steps gives the queries of a search, the narrowest first: all words, as near as they are
// to be had; all but the short ones; all but one; two of the most selective.
func (s Search) steps(q searchQuery) (steps []searchStep) {
	add := func(most int, conditions []wordCondition) {
		if len(conditions) > 0 {
			steps = append(steps, searchStep{conditions, most})
		}
	}
	for level := exact; level <= far; level++ {
		words := mostSelective(q.terms, maxSelective)
		if !slices.ContainsFunc(words, func(w *searchWord) bool { return w.hasLevel(level) }) {
			continue // it would say the same again
		}
		if level == oneError && len(words) >= manyWords && slices.ContainsFunc(words, func(w *searchWord) bool { return w.hasLevel(far) }) {
			continue // few persons have so many words, however far these are
		}

		conditions := []wordCondition{conditionOf(words, func(w *searchWord) []string { return w.wordsUpTo(level) })}
		if level == exact {
			conditions = append(conditions, conditionsOf(q.segmentations[1:], maxSegmentations, selectiveWords)...)
		}

		add(maxRanked*len(conditions), conditions)
	}

	add(maxRanked, conditionsOf(q.segmentations, segmentationsButOne, withoutShort))
	add(s.maxButOne(q), conditionsOf(q.segmentations, segmentationsButOne, allButOne))
	var two []wordCondition

	for _, words := range q.segmentations[:min(segmentationsWithTwo, len(q.segmentations))] {
		two = append(two, pairConditions(words)...)
	}

	add(maxPartial*len(two), two)
	return steps
}

// maxButOne is how many are ranked whom one word does not fit. Of two words one is
// left: those who have that are all alike, and a few more than are wanted do.
func (s Search) maxButOne(q searchQuery) int {
	if len(q.segmentations[0]) == 2 && s.Filter.BornTo == 0 {
		return min(maxPartial, 4*s.Limit*min(len(q.segmentations), segmentationsButOne))
	}
	return maxPartial
}

// conditionsOf gives the conditions that a person has the words that are chosen of the first
// segmentations.
func conditionsOf(segmentations [][]*searchWord, most int, choose func(words []*searchWord) [][]*searchWord) (all []wordCondition) {
	for _, typed := range segmentations[:min(most, len(segmentations))] {
		for _, words := range choose(typed) {
			all = append(all, nearestCondition(words))
		}
	}
	return all
}

// nearestCondition is the condition that a person has these words, as near as they are
// known. Short words alone stand for themselves, and not for all that begin with them.
func nearestCondition(words []*searchWord) wordCondition {
	if slices.ContainsFunc(words, func(w *searchWord) bool { return !w.short() }) {
		return conditionOf(words, (*searchWord).nearestWords)
	}
	return conditionOf(words, func(w *searchWord) []string { return []string{w.text()} })
}

func conditionOf(words []*searchWord, choose func(*searchWord) []string) (w wordCondition) {
	for _, word := range words {
		w = append(w, choose(word))
	}
	return w
}

// mostSelective gives the words that the fewest persons have; those that nobody has come last.
func mostSelective(words []*searchWord, most int) []*searchWord {
	if len(words) <= most {
		return words
	}

	sorted := slices.Clone(words)
	slices.SortStableFunc(sorted, func(a, b *searchWord) int {
		return cmp.Or(cmp.Compare(b.knownRank(), a.knownRank()), cmp.Compare(b.weight, a.weight))
	})

	return sorted[:most]
}

// knownRank is 1 for a word that leads to a person, as far as is known, and 0 for others.
func (a *searchWord) knownRank() int {
	if a.exists || a.unspaced || len(a.similar) > 1 {
		return 1
	}
	return 0
}

func selectiveWords(words []*searchWord) [][]*searchWord {
	return [][]*searchWord{mostSelective(words, maxSelective)}
}

// withoutShort leaves out initials and words of two letters, if there are others.
func withoutShort(words []*searchWord) [][]*searchWord {
	long := slices.DeleteFunc(slices.Clone(words), (*searchWord).short)
	if len(long) == 0 || len(long) == len(words) {
		return nil
	}
	return [][]*searchWord{mostSelective(long, maxSelective)}
}

func allButOne(words []*searchWord) (all [][]*searchWord) {
	words = mostSelective(words, maxSelective)
	for i := range words {
		if len(words) > 1 {
			all = append(all, slices.Delete(slices.Clone(words), i, i+1))
		}
	}

	return all
}

// pairConditions are those of two words of many: a rare one and any other, or two of the
// most selective ones that are frequent. Short words are in too many names.
func pairConditions(words []*searchWord) (pairs []wordCondition) {
	if len(words) < 4 {
		return nil
	}

	long := mostSelective(slices.DeleteFunc(slices.Clone(words), (*searchWord).short), maxSelective)
	var frequent []*searchWord
	for i, w := range long {
		if w.weight < minRareWeight {
			frequent = append(frequent, w)
			continue
		}
		rest := slices.Delete(slices.Clone(long), i, i+1)
		pairs = append(pairs, wordCondition{w.nearestWords(), slices.Concat(conditionOf(rest, (*searchWord).nearestWords)...)})
	}

	frequent = mostSelective(frequent, maxFrequent)
	for i, w := range frequent {
		for _, other := range frequent[i+1:] {
			pairs = append(pairs, wordCondition{w.nearestWords(), other.nearestWords()})
		}
	}

	return pairs
}

// nearestWords gives the nearest words that are known.
func (a *searchWord) nearestWords() []string { return a.wordsUpTo(a.nearest().level) }
