// SPDX-License-Identifier: GPL-3.0-or-later

// Package synth makes synthetic people, as many as wanted and always the same ones:
// names from a skewed vocabulary of some thirty thousand words, and of some kinds
// that are written in several ways or without spaces; birth dates, genders,
// households, twins; and duplicates, which are second records of a person with the errors
// that real registers have. It is for measuring search and the detection of duplicates.
package synth

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

// Person is a synthetic person. An empty text stands for a missing field.
type Person struct {
	ID       string
	Name     string // one or two words
	Lastname string // one or two words
	Born     string // 2006-01-02
	Gender   string // f or m
	Married  string // marital_status
	Unit     string // domiciliary unit; a household shares it
}

// Source gives people by number. Its methods may be called concurrently.
type Source struct {
	seed                 uint64
	women, men, surnames vocabulary
}

// New makes the source of a seed. Sources of one seed give the same people.
func New(seed uint64) *Source {
	r := rand.New(rand.NewPCG(seed, 1))
	return &Source{
		seed: seed, women: newVocabulary(r, commonWomen, givenWords), men: newVocabulary(r, commonMen, givenWords),
		surnames: newVocabulary(r, commonSurnames, surnameWords),
	}
}

// random makes the random numbers for one purpose and person.
func (s *Source) random(purpose, n int) *rand.Rand {
	return rand.New(rand.NewPCG(s.seed, uint64(purpose)<<48|uint64(n)+2))
}

// personsPerTwin is the number of persons among which one is a twin of the other sex.
const personsPerTwin = 150

// Person gives the nth person, n from 0 on.
func (s *Source) Person(n int) Person {
	p, r := s.single(n), s.random(5, n)
	other := s.single(n - n%3)
	if n%3 == 1 && r.IntN(personsPerTwin/3) == 0 && !other.Unspaced() {
		p.makeTwin(other)
	}

	if r.IntN(100) < unknownDates {
		p.Born = UnknownDate
	}
	return p
}

// single gives a person as if there were no twins, and all dates were known.
func (s *Source) single(n int) Person {
	r := s.random(1, n)
	home := s.random(2, n/3) // three to a household, with a surname in common
	p := Person{
		ID: fmt.Sprintf("SYN%08dPMI", n), Gender: "f", Lastname: s.surnames.draw(home), Born: birthDate(r),
		Unit: fmt.Sprintf("SYNDU%07d", n/3), Married: pick(r, []string{"single", "married", "married", "widowed", ""}),
	}

	given := s.women
	if r.IntN(2) == 0 {
		p.Gender, given = "m", s.men
	}
	p.Name = given.draw(r)
	if r.IntN(5) < 2 {
		p.Name += " " + given.draw(r)
	}
	if r.IntN(5) < 2 {
		p.Lastname += " " + s.surnames.draw(r)
	}

	p.rename(s.random(6, n))
	return p
}

func birthDate(r *rand.Rand) string {
	first := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, r.IntN(95*365)).Format(time.DateOnly)
}

// Record gives the person as JSON, in the keys of the federation.
func (p Person) Record() []byte {
	record := map[string]any{"id": p.ID, "active": true, "roles": []string{"end_user"}}
	for key, value := range map[string]string{
		"name": p.Name, "lastname": p.Lastname, "dob": p.Born, "gender": p.Gender, "marital_status": p.Married, "du": p.Unit,
	} {
		if value != "" {
			record[key] = value
		}
	}

	text, _ := json.Marshal(record)
	return text
}
