// SPDX-License-Identifier: GPL-3.0-or-later

package match

import (
	"context"
	"fmt"
	"testing"
)

func TestASmallFederationIsPartOfAPeople(t *testing.T) {
	t.Parallel()
	score := func(persons float64) float64 {
		p := &Frequencies{Persons: persons, Rare: 0.0002}
		a := p.Prepare([]string{"ana", "quispe"}, 19720913, "f", "")
		return p.Score(&a, &a)
	}
	if score(0) != score(10_000) || score(9_999) != score(10_000) {
		t.Error("fewer than 10,000 persons make it less sure than 10,000")
	}

	if score(10_001) >= score(10_000) {
		t.Error("10,001 persons make it as sure as 10,000")
	}
}

// The score at which two are offered, from both sides, is one half and no other.
func TestTwoAreOfferedFromTheThresholdOn(t *testing.T) {
	t.Parallel()
	if Threshold != 0.5 {
		t.Errorf("it is %v", Threshold)
	}

	for _, persons := range thresholdPersons(t) {
		p := &Frequencies{Persons: persons, Rare: 0.0002}
		a := p.Prepare([]string{"ana", "quispe"}, 0, "", "")
		block, offered := []Person{a, a}, 0
		p.Pairs(t.Context(), block, func(int, int, Result) { offered++ })

		if want := p.Score(&a, &a) >= Threshold; want != (offered == 1) {
			t.Errorf("of %v persons, with a score of %v: %d are offered", persons, p.Score(&a, &a), offered)
		}
	}
}

// thresholdPersons finds numbers of persons next to each other in which the same two have
// a score just below the threshold, at it as near as can be, and above.
func thresholdPersons(t *testing.T) []float64 {
	t.Helper()
	score := func(persons float64) float64 {
		p := &Frequencies{Persons: persons, Rare: 0.0002}
		a := p.Prepare([]string{"ana", "quispe"}, 0, "", "")
		return p.Score(&a, &a)
	}

	few, many := float64(minPersons), 1e12
	if score(few) < Threshold || score(many) >= Threshold {
		t.Fatalf("no threshold between %v and %v", score(few), score(many))
	}

	for range 200 {
		if middle := (few + many) / 2; score(middle) >= Threshold {
			few = middle
		} else {
			many = middle
		}
	}

	return []float64{few, many}
}

// pairsOf counts the pairs of a block of so many records that have nothing in
// common but that all are of one person.
func pairsOf(t *testing.T, persons int) (pairs int) {
	t.Helper()
	p := &Frequencies{Persons: minPersons, Rare: 0.0002}

	block := make([]Person, persons)
	for i := range block {
		block[i] = p.Prepare([]string{"ana", "quispe", "mamani"}, 19720913, "f", "D")
	}

	p.Pairs(context.Background(), block, func(int, int, Result) { pairs++ })
	return pairs
}

func TestABlockOf400IsComparedWhole(t *testing.T) {
	t.Parallel()
	if got, want := pairsOf(t, maxFullBlock), 400*399/2; got != want {
		t.Errorf("of 400: %d pairs, want %d", got, want)
	}

	if got, want := pairsOf(t, maxFullBlock+1), 351*50+50*49/2; got != want {
		t.Errorf("of 401: %d pairs, want each with the next 50: %d", got, want)
	}
}

// A key divides a block if up to one in two have it.
func TestAKeyThatOneInTwoHaveDividesABlock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		have int // of 402, one in the first place and one in the last
		want bool
	}{{201, true}, {202, false}} {
		p := &Frequencies{Persons: minPersons, Rare: 0.0002}
		var block []Person
		for i := range 402 {
			household := fmt.Sprint("D", i)
			if i < c.have-1 || i == 401 {
				household = "D"
			}
			block = append(block, p.Prepare([]string{"ana", "quispe", "mamani"}, 19720913, "f", household))
		}

		met := false
		p.Pairs(t.Context(), block, func(i, j int, _ Result) { met = met || i == 0 && j == 401 })
		if met != c.want {
			t.Errorf("%d of 402: met %t, want %t", c.have, met, c.want)
		}
	}
}

func TestASwappedDateHasTheSameBlockingKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		one, other int
		same       bool
	}{
		{19720913, 19721309, true}, {19720913, 19720913, true}, {19720102, 19720201, true}, {19721212, 19721212, true},
		{19720913, 19730913, false}, {19720913, 19720914, false}, {19720913, 19721013, false}, {19720112, 19720111, false},
	} {
		one, other := Person{birth: c.one}, Person{birth: c.other}
		if got := one.birthKey() == other.birthKey(); got != c.same {
			t.Errorf("%d and %d: %t", c.one, c.other, got)
		}
	}

	for _, unknown := range []int{0, 19720000, 19720900} {
		p := Person{birth: unknown}
		if got := p.birthKey(); got != 0 {
			t.Errorf("%d, whose day is not known: %d", unknown, got)
		}
	}
}

func TestAGenderIsNormalized(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"m": "m", "M": "m", " Male ": "m", "f": "f", "FEMALE": "f", "nb": "nb", "Other": "other", "nd": "", "ND": "", "u": "", "Unknown": "", " ": "", "": "",
	} {
		t.Run(text, func(t *testing.T) {
			if got := normalizeGender(text); got != want {
				t.Errorf("%q is read as %q, want %q", text, got, want)
			}
		})
	}
}
