// SPDX-License-Identifier: GPL-3.0-or-later

// Package match says how probable it is that two records are of one person. It
// compares as Fellegi and Sunter do (A Theory for Record Linkage, 1969): what
// agrees or differs is weighed by how much more often it does so in two records
// of one person than in records of two. The rivals of "the same person" are a
// stranger and a relative: relatives have a surname and a household in common,
// and twins a birth date.
//
// The weights are in bits. What they come from was set by reasoning about registers,
// looked at with the made-up people of one seed of internal/synth, and is judged
// with those of others.
package match

import (
	"math"
	"strconv"
)

// Threshold is the score from which on two records are offered as those of one
// person: more probably than not.
const Threshold = 0.5

// Before anything is compared: a tenth of the persons have a second record, as
// health registers report of themselves, and everybody has some relatives. A
// small federation is part of a people: its strangers are no fewer than these.
const (
	secondRecords = 0.1
	relatives     = 4
	fewestPersons = 10_000
)

// Parts say how far two records agree, from 0, not at all, to 1; nil where one of
// them says nothing that could be compared.
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

// AppendJSON appends the members of an object that tell of a result: score and
// parts, which are null where nothing could be compared.
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

// evidence is what one part says, in bits against a stranger.
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

// Compare compares two persons of the population.
func (p *Population) Compare(a, b *Person) Result {
	all := p.weigh(a, b)
	return Result{p.score(all), Parts{all[0].part(), all[1].part(), all[2].part(), all[3].part()}}
}

// Score is the score of Compare alone.
func (p *Population) Score(a, b *Person) float64 { return p.score(p.weigh(a, b)) }

func (p *Population) weigh(a, b *Person) [4]evidence {
	names, sameNames := compareNames(a, b)
	gendersDiffer := gendersDiffer
	if sameNames {
		gendersDiffer = gendersDifferOfOneName
	}
	return [4]evidence{
		names, p.compareBirths(a, b),
		compareTexts(a.gender, b.gender, gendersAgree, gendersDiffer),
		compareTexts(a.household, b.household, householdsAgree, householdsDiffer),
	}
}

// score weighs the three that it may be.
func (p *Population) score(all [4]evidence) float64 {
	var same, relative float64
	for _, e := range all {
		same += e.same
		relative += e.relative
	}
	persons := max(p.Persons, fewestPersons)
	one := secondRecords / persons * math.Exp2(same)
	another := relatives/persons*math.Exp2(relative) + 1
	return one / (one + another)
}

// bits weighs something by how often it is seen if both are one person, and if not.
func bits(same, others float64) float64 { return math.Log2(same / others) }
