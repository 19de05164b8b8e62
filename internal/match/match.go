// SPDX-License-Identifier: GPL-3.0-or-later

// Package match links records: it says how probable it is that two records are of one
// person. It compares as Fellegi and Sunter do (A Theory for Record Linkage, 1969): each
// agreement or difference has a weight, by how much more often it is seen in two records
// of one person (the m-probability) than in records of two (the u-probability). The
// alternatives to "the same person" are a stranger and a relative: relatives have a
// surname and a household in common, and twins a birth date. Blocking keeps the number of
// comparisons within bounds.
//
// The weights are in bits. The probabilities were set by reasoning about registers,
// looked at with the made-up people of one seed of internal/synth, and are judged
// with those of others.
package match

import (
	"math"
	"strconv"
)

// Threshold is the score from which on two records are offered as those of one
// person: more probably than not.
const Threshold = 0.5

// Prior probabilities, before any comparison: a tenth of the persons have a second record,
// as health registers report of themselves, and everybody has some relatives. A
// small federation is part of a people: its strangers are no fewer than these.
const (
	secondRecords = 0.1
	relatives     = 4
	minPersons    = 10_000
)

// Parts say how far two records agree, from 0, not at all, to 1; nil where one of
// them has nothing to compare.
type Parts struct {
	Names     *float64
	Birth     *float64
	Gender    *float64
	Household *float64
}

// Result is the outcome of a comparison.
type Result struct {
	Score float64 // the probability that both are one person
	Parts Parts
}

// AppendJSON appends the members of an object for a result: score and parts, which are
// null where there is nothing to compare.
func (r Result) AppendJSON(b []byte) []byte {
	b = strconv.AppendFloat(append(b, `"score":`...), r.Score, 'f', 4, 64)
	b = appendPart(append(b, `,"parts":{"names":`...), r.Parts.Names)
	b = appendPart(append(b, `,"birth":`...), r.Parts.Birth)
	b = appendPart(append(b, `,"gender":`...), r.Parts.Gender)
	b = appendPart(append(b, `,"household":`...), r.Parts.Household)
	return append(b, '}')
}

func appendPart(b []byte, degree *float64) []byte {
	if degree == nil {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, *degree, 'f', 2, 64)
}

// evidence is the weight of one part, in bits, for the same person and for a relative
// against a stranger.
type evidence struct {
	same, relative float64
	degree         float64 // for Parts
	known          bool
}

func (e evidence) part() *float64 {
	if !e.known {
		return nil
	}
	return &e.degree
}

// Compare compares two persons.
func (f *Frequencies) Compare(a, b *Person) Result {
	all := f.weigh(a, b)
	return Result{f.score(all), Parts{all[0].part(), all[1].part(), all[2].part(), all[3].part()}}
}

// Score is the score of Compare alone.
func (f *Frequencies) Score(a, b *Person) float64 { return f.score(f.weigh(a, b)) }

func (f *Frequencies) weigh(a, b *Person) [4]evidence {
	names, sameNames := compareNames(a, b)
	gendersDiffer := gendersDiffer
	if sameNames {
		gendersDiffer = gendersDifferOfOneName
	}

	return [4]evidence{
		names, f.compareBirths(a, b),
		compareTexts(a.gender, b.gender, gendersAgree, gendersDiffer),
		compareTexts(a.household, b.household, householdsAgree, householdsDiffer),
	}
}

// score is the posterior probability of the same person among the three alternatives.
func (f *Frequencies) score(all [4]evidence) float64 {
	var same, relative float64
	for _, e := range all {
		same += e.same
		relative += e.relative
	}

	persons := max(f.Persons, minPersons)
	one := secondRecords / persons * math.Exp2(same)
	another := relatives/persons*math.Exp2(relative) + 1
	return one / (one + another)
}

// weight is the weight, in bits, of an observation with these probabilities.
func weight(m, u float64) float64 { return math.Log2(m / u) }
