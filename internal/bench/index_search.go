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

// asking is a way to ask for a person; ok is false for those who are not asked for so.
type asking struct {
	label string
	query func(source *synth.Source, i int, p synth.Person) (q string, ok bool)
}

// askings are ways to ask by a name that is misspelt, alone and with the year of
// birth, and by names as they are called.
var askings = []asking{
	{"search: two words, an error in each", func(source *synth.Source, i int, p synth.Person) (string, bool) {
		return misspelt(source, i, p), true
	}},
	{"the same, and the year of birth", func(source *synth.Source, i int, p synth.Person) (string, bool) {
		return misspelt(source, i, p) + "&dob=" + p.Born[:4], true
	}},
	{"search: Han and Hangul, typed together", func(_ *synth.Source, _ int, p synth.Person) (string, bool) {
		return escaped(p.Lastname + p.Name), p.Unspaced()
	}},
	{"search: more words than the record has", func(source *synth.Source, i int, p synth.Person) (string, bool) {
		return escaped(source.WholeName(i, p)), !p.Unspaced()
	}},
	{"search: words joined or split", func(_ *synth.Source, _ int, p synth.Person) (string, bool) {
		other, is := p.Compound()
		return escaped(other.Name, other.Lastname), is
	}},
	{"search: two letters and a lastname", func(_ *synth.Source, _ int, p synth.Person) (string, bool) {
		beginning := []rune(p.Name)
		return escaped(string(beginning[:min(2, len(beginning))]), p.Lastname), !p.Unspaced()
	}},
}

func misspelt(source *synth.Source, i int, p synth.Person) string {
	name, _, _ := strings.Cut(p.Name, " ")
	lastname, _, _ := strings.Cut(p.Lastname, " ")
	return escaped(source.Typos(i, name, lastname)...)
}

func escaped(words ...string) string { return "q=" + url.QueryEscape(strings.Join(words, " ")) }

// search asks for persons in each way.
func (x *index) search(ctx context.Context) error {
	g, err := x.guest(ctx)
	if err != nil {
		return err
	}
	defer g.close()
	for _, way := range askings {
		if err := x.searchIn(ctx, g, way); err != nil {
			return err
		}
	}
	return nil
}

func (x *index) searchIn(ctx context.Context, g *guest, way asking) error {
	searches := x.someSearches(way)
	before, err := x.cpuOf(ctx, g.server)
	if err != nil {
		return err
	}
	var took []float64
	for i, s := range searches {
		begun := time.Now()
		if searches[i].found, err = g.search(s.query); err != nil {
			return err
		}
		took = append(took, millis(time.Since(begun)))
	}
	after, err := x.cpuOf(ctx, g.server)
	if err != nil {
		return err
	}
	good := 0
	for _, s := range searches {
		yes, err := g.servedWell(s)
		if err != nil {
			return err
		}
		if yes {
			good++
		}
	}
	n := float64(len(searches))
	x.addTimes(way.label, took, map[string]number{
		"share": number(float64(good) / n), "CPU µs each": number(float64((after - before).Microseconds()) / n)})
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
func (x *index) someSearches(way asking) (all []searched) {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // to be repeatable is the point
	for tries := 0; len(all) < x.searches && tries < 1000*x.searches; tries++ {
		p := x.source.Person(r.IntN(x.persons))
		if query, ok := way.query(x.source, len(all), p); ok {
			all = append(all, searched{person: p, query: query})
		}
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
	query, _, _ := strings.Cut(s.query, "&")
	few, err := g.search(query + "&limit=1000&dob=" + s.person.Born)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(few, is)
	return i >= 0 && first[9].Score >= few[i].Score, nil
}
