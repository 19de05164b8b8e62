// SPDX-License-Identifier: GPL-3.0-or-later

package synth_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"thalamus/internal/synth"
)

func TestThePeopleOfASeedAreAlwaysTheSame(t *testing.T) {
	one, other := synth.New(7), synth.New(7)
	for n := range 100 {
		if one.Person(99 - n); one.Person(n) != other.Person(n) || one.Again(n) != other.Again(n) {
			t.Fatalf("%d: %+v and %+v", n, one.Person(n), other.Person(n))
		}
	}
	if synth.New(8).Person(1) == one.Person(1) {
		t.Error("another seed gives the same")
	}
}

func TestAnotherRecordOfAPersonHasErrorsAndValidDates(t *testing.T) {
	s := synth.New(1)
	changed := map[string]int{}
	for n := range 2000 {
		p, again := s.Person(n), s.Again(n)
		if p.ID == again.ID {
			t.Fatal("both have one id")
		}
		for field, values := range map[string][2]string{
			"name": {p.Name, again.Name}, "lastname": {p.Lastname, again.Lastname}, "born": {p.Born, again.Born}, "gender": {p.Gender, again.Gender},
		} {
			if values[0] != values[1] {
				changed[field]++
			}
		}
		if _, err := time.Parse(time.DateOnly, again.Born); err != nil && again.Born != "" {
			t.Error(again.Born)
		}
		if !json.Valid(again.Record()) {
			t.Errorf("%s", again.Record())
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
