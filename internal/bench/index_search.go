// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"time"

	"thalamus/internal/synth"
)

// search asks for persons by a name and a lastname with an error in each, alone and
// with the year of birth.
func (x *index) search(ctx context.Context) error {
	g, err := x.guest(ctx)
	if err != nil {
		return err
	}
	defer g.close()
	for _, way := range []struct {
		label string
		also  func(synth.Person) string
	}{
		{"search: two words, an error in each", func(synth.Person) string { return "" }},
		{"the same, and the year of birth", func(p synth.Person) string { return "&dob=" + p.Born[:4] }},
	} {
		var took []float64
		good := 0
		before, err := x.cpuOf(ctx, g.server)
		if err != nil {
			return err
		}
		searches := x.someSearches()
		for i, s := range searches {
			begun := time.Now()
			searches[i].found, err = g.search(s.query + way.also(s.person))
			if err != nil {
				return err
			}
			took = append(took, millis(time.Since(begun)))
		}
		after, err := x.cpuOf(ctx, g.server)
		if err != nil {
			return err
		}
		for _, s := range searches {
			if yes, err := g.servedWell(s); err != nil {
				return err
			} else if yes {
				good++
			}
		}
		n := float64(len(searches))
		x.addTimes(way.label, took, map[string]number{
			"share": number(float64(good) / n), "CPU µs each": number(float64((after - before).Microseconds()) / n)})
	}
	return nil
}

// searched is a search for a person, and what it found.
type searched struct {
	person synth.Person
	query  string
	found  []scored
}

type scored struct {
	Score  float64
	Person struct{ ID string }
}

// someSearches are for persons by chance, always the same ones.
func (x *index) someSearches() []searched {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // to be repeatable is the point
	all := make([]searched, x.searches)
	for i := range all {
		p := x.source.Person(r.IntN(x.persons))
		name, _, _ := strings.Cut(p.Name, " ")
		lastname, _, _ := strings.Cut(p.Lastname, " ")
		words := x.source.Typos(i, name, lastname)
		all[i] = searched{person: p, query: "q=" + url.QueryEscape(strings.Join(words, " "))}
	}
	return all
}

func (g *guest) search(query string) (found []scored, err error) {
	var text bytes.Buffer
	if err := g.list(g.who.get("/people?score=1&"+query), &text); err != nil {
		return nil, err
	}
	var list [][1]scored
	if err := json.Unmarshal(text.Bytes(), &list); err != nil {
		return nil, fmt.Errorf("read the persons found: %w", err)
	}
	for _, one := range list {
		found = append(found, one[0])
	}
	return found, nil
}

// servedWell reports whether the person is among the first ten, or the tenth has no
// lower score than the person gets when there are few others: those who were
// born on the same day.
func (g *guest) servedWell(s searched) (bool, error) {
	is := func(one scored) bool { return one.Person.ID == s.person.ID }
	first := s.found[:min(10, len(s.found))]
	if slices.ContainsFunc(first, is) {
		return true, nil
	}
	if len(first) < 10 {
		return false, nil
	}
	few, err := g.search(s.query + "&limit=1000&dob=" + s.person.Born)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(few, is)
	return i >= 0 && first[9].Score >= few[i].Score, nil
}
