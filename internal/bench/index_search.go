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

// wording is a way to search for a person; ok is false for persons who are not
// searched for so.
type wording struct {
	name  string
	query func(source *synth.Source, i int, p synth.Person) (q string, ok bool)
}

// wordings are names that are misspelt, alone and with the year of birth, and names
// as they are called.
var wordings = []wording{
	{"Misspelt", func(source *synth.Source, i int, p synth.Person) (string, bool) {
		return misspelt(source, i, p), true
	}},
	{"MisspeltWithYear", func(source *synth.Source, i int, p synth.Person) (string, bool) {
		return misspelt(source, i, p) + "&dob=" + p.Born[:4], true
	}},
	{"HanHangulTogether", func(_ *synth.Source, _ int, p synth.Person) (string, bool) {
		return words(p.Lastname + p.Name), p.Unspaced()
	}},
	{"MoreWords", func(source *synth.Source, i int, p synth.Person) (string, bool) {
		return words(source.WholeName(i, p)), !p.Unspaced()
	}},
	{"JoinedOrSplit", func(_ *synth.Source, _ int, p synth.Person) (string, bool) {
		other, is := p.Compound()
		return words(other.Name, other.Lastname), is
	}},
	{"TwoLettersAndLastname", func(_ *synth.Source, _ int, p synth.Person) (string, bool) {
		beginning := []rune(p.Name)
		return words(string(beginning[:min(2, len(beginning))]), p.Lastname), !p.Unspaced()
	}},
}

// misspelt has an error in each of two words.
func misspelt(source *synth.Source, i int, p synth.Person) string {
	name, _, _ := strings.Cut(p.Name, " ")
	lastname, _, _ := strings.Cut(p.Lastname, " ")
	return words(source.Typos(i, name, lastname)...)
}

func words(all ...string) string { return "q=" + url.QueryEscape(strings.Join(all, " ")) }

// search searches for persons in each way.
func (x *index) search(ctx context.Context) error {
	s, err := x.serve(ctx)
	if err != nil {
		return err
	}

	for _, w := range wordings {
		for _, round := range inRounds(x.options, x.someSearches(w)) {
			err := x.searchRound(ctx, s, w.name, round)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// wanted is a search for a person.
type wanted struct{ id, born, query string }

// someSearches are for persons by chance, always the same ones.
func (x *index) someSearches(w wording) (all []wanted) {
	r := rand.New(rand.NewPCG(1, 2))
	for tries := 0; len(all) < x.searches && tries < 1000*x.searches; tries++ {
		p := x.source.Person(r.IntN(x.persons))
		query, ok := w.query(x.source, len(all), p)
		if ok {
			all = append(all, wanted{p.ID, p.Born, query})
		}
	}
	return all
}

// searchRound writes how long searches took, and the share of those whose person is
// among the first ten, or ten others match as well.
func (x *index) searchRound(ctx context.Context, s *server, name string, round []wanted) error {
	var took []time.Duration
	results := make([][]scored, len(round))
	for i, w := range round {
		begun := time.Now()
		found, err := s.find(ctx, w.query)
		if err != nil {
			return err
		}
		took = append(took, time.Since(begun))
		results[i] = found
	}

	good := 0
	for i, w := range round {
		well, err := s.servedWell(ctx, w, results[i])
		if err != nil {
			return err
		}
		if well {
			good++
		}
	}

	share := metric{100 * float64(good) / float64(len(round)), "%-found"}
	x.line("Index/Search/"+name, len(round), append(times(took), share)...)
	return nil
}

// scored is a person found.
type scored struct {
	Score  float64
	Person struct{ ID string }
}

func (c *client) find(ctx context.Context, query string) (found []scored, err error) {
	var text bytes.Buffer
	_, err = c.read(ctx, get("/people?score=1&"+query), &text)
	if err != nil {
		return nil, err
	}

	var list [][1]scored
	err = json.Unmarshal(text.Bytes(), &list)
	if err != nil {
		return nil, fmt.Errorf("read the persons found: %w", err)
	}
	for _, one := range list {
		found = append(found, one[0])
	}
	return found, nil
}

// servedWell reports whether the person is among the first ten, or the tenth has no
// lower score than the person gets among few others: persons born on the same day.
func (c *client) servedWell(ctx context.Context, w wanted, found []scored) (bool, error) {
	isWanted := func(one scored) bool { return one.Person.ID == w.id }
	first := found[:min(10, len(found))]
	if slices.ContainsFunc(first, isWanted) {
		return true, nil
	}
	if len(first) < 10 {
		return false, nil
	}

	query, _, _ := strings.Cut(w.query, "&")
	few, err := c.find(ctx, query+"&limit=1000&dob="+w.born)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(few, isWanted)
	return i >= 0 && first[9].Score >= few[i].Score, nil
}
