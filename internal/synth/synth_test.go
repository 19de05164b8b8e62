// SPDX-License-Identifier: GPL-3.0-or-later

package synth_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"thalamus/internal/synth"
)

func TestASeedAlwaysGivesTheSamePeople(t *testing.T) {
	one, other := synth.New(7), synth.New(7)
	for n := range 100 {
		one.Person(99 - n)
		duplicate, made := one.Duplicate(n)
		same, sameErrors := other.Duplicate(n)
		if one.Person(n) != other.Person(n) || duplicate != same || !slices.Equal(made, sameErrors) {
			t.Fatalf("%d: %+v and %+v", n, one.Person(n), other.Person(n))
		}
	}

	if synth.New(8).Person(1) == one.Person(1) {
		t.Error("another seed gives the same")
	}
}

func TestADuplicateHasErrorsAndValidDates(t *testing.T) {
	s := synth.New(1)
	changed := map[string]int{}
	for n := range 2000 {
		p := s.Person(n)
		duplicate, _ := s.Duplicate(n)
		if p.ID == duplicate.ID {
			t.Fatal("both have one id")
		}

		for field, values := range map[string][2]string{
			"name": {p.Name, duplicate.Name}, "lastname": {p.Lastname, duplicate.Lastname}, "born": {p.Born, duplicate.Born}, "gender": {p.Gender, duplicate.Gender},
		} {
			if values[0] != values[1] {
				changed[field]++
			}
		}

		if _, err := time.Parse(time.DateOnly, duplicate.Born); err != nil && duplicate.Born != "" {
			t.Error(duplicate.Born)
		}

		if !json.Valid(duplicate.Record()) {
			t.Errorf("%s", duplicate.Record())
		}
	}

	for _, field := range []string{"name", "lastname", "born", "gender"} {
		if changed[field] < 40 || changed[field] > 1600 {
			t.Errorf("%s is changed in %d of 2000", field, changed[field])
		}
	}
}

func TestEveryWordGetsAnError(t *testing.T) {
	s := synth.New(1)
	words := []string{"María", "Li", "O"}
	for n := range 1000 {
		for i, wrong := range s.Typos(n, words...) {
			if wrong == words[i] || wrong == "" {
				t.Fatalf("%d: %q", n, wrong)
			}
		}
	}

	if !slices.Equal(s.Typos(1, words...), s.Typos(1, words...)) {
		t.Error("the errors of a number differ")
	}
}

// Each kind of error occurs, and is listed only where it shows.
func TestTheErrorsOfADuplicateAreListed(t *testing.T) {
	s := synth.New(1)
	count := map[synth.Error]int{}
	for n := range 20_000 {
		p := s.Person(n)
		duplicate, made := s.Duplicate(n)
		duplicate.ID = p.ID
		if len(made) == 0 != (duplicate == p) && len(made) < 2 {
			t.Fatalf("%v: %+v, %+v", made, p, duplicate)
		}

		for _, kind := range made {
			count[kind]++
		}
	}

	if len(count) != 16 {
		t.Errorf("%d kinds", len(count))
	}

	for kind, n := range count {
		if n < 100 {
			t.Errorf("%s: %d of 20,000", kind, n)
		}
	}
}

func TestThereAreNamesOfAllKindsAndTwins(t *testing.T) {
	s := synth.New(1)
	var unspaced, compound, unknown, pairs int
	for n := range 20_000 {
		p := s.Person(n)
		if p.Unspaced() {
			unspaced++
		}

		if other, is := p.Compound(); is {
			compound++
			if other.Name+other.Lastname == p.Name+p.Lastname {
				t.Errorf("%+v", other)
			}
		}

		if p.Born == synth.UnknownDate {
			unknown++
		}

		if n > 0 && p.Born == s.Person(n-1).Born && p.Lastname == s.Person(n-1).Lastname && p.Gender != s.Person(n-1).Gender {
			pairs++
		}
	}

	for kind, share := range map[string][3]int{
		"unspaced": {unspaced, 300, 550}, "compound": {compound, 900, 1500}, "unknown dates": {unknown, 300, 500}, "twins of two sexes": {pairs, 80, 200},
	} {
		t.Run(kind, func(t *testing.T) {
			if share[0] < share[1] || share[0] > share[2] {
				t.Errorf("%s: %d", kind, share[0])
			}
		})
	}
}
