// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strconv"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// people are the search for persons, and the screen that begins with one of them.
type people struct{ *Portal }

const (
	peoplePerPage = 25
	mostRanked    = 100 // persons of a search: whoever is not among the best has to be described better
)

// peopleList is a part of the persons whom a search has found.
type peopleList struct {
	Search  peopleSearch
	Entries []personEntry
	Pager   pager
	Count   int  // of all who were found; 0: nobody knows
	Cut     bool // there may be more of them
}

// getPeople shows the persons whom the query asks for. The access record has the ids that are shown.
func (p people) getPeople(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	query := r.URL.Query()
	shown := peopleList{Search: p.readPeopleSearch(c, query)}
	if !shown.Search.Used() {
		return p.showPeople(w, r, c, shown)
	}

	filter := shown.Search.filter()
	if shown.Search.Wrong() {
		return p.showPeople(w, r, c, shown)
	}

	err := p.findPeople(r, c, &shown, filter)
	if fed.KindOf(err) == fed.Invalid {
		shown.Search.problems["q"] = say("people.no_words")
		err = nil
	}
	if err != nil {
		return err
	}
	return p.showPeople(w, r, c, shown)
}

func (p people) showPeople(w http.ResponseWriter, r *http.Request, c *gate.Caller, shown peopleList) error {
	if err := c.RecordPersons(idsOf(shown.Entries)); err != nil {
		return err
	}

	status := http.StatusOK
	if shown.Search.Wrong() {
		status = http.StatusUnprocessableEntity
	}
	return p.reply(w, r, c, status, view{Template: "people", Title: say("people.title"), Data: shown})
}

// findPeople finds persons by words of their names, the best first, or all whom the filter lets
// through, by id.
func (p people) findPeople(r *http.Request, c *gate.Caller, shown *peopleList, filter store.PersonFilter) error {
	place := r.URL.Query().Get("after")
	if shown.Search.Text == "" {
		return p.filterPeople(r, c, shown, filter, place)
	}

	first := store.Keyset[int]{After: new(int)}
	if err := readAfter(place, parsePlace, &first); err != nil {
		return err
	}

	ranked, err := p.rankPeople(r, c, shown.Search.Text, filter)
	if err != nil {
		return err
	}

	begin := min(*first.After, len(ranked))
	end, next := min(begin+peoplePerPage, len(ranked)), ""
	if end < len(ranked) {
		next = strconv.Itoa(end)
	}
	shown.Pager = newPager(shown.Search.Path, shown.Search.values(), place, next)
	shown.Count, shown.Cut = len(ranked), len(ranked) >= mostRanked && next == ""
	shown.Entries, err = p.rankedEntries(r, c, ranked[begin:end])
	return err
}

// parsePlace reads how many persons of a search were shown before.
func parsePlace(text string) (place int, ok bool) {
	place, err := strconv.Atoi(text)
	return place, err == nil && place > 0
}

// filterPeople finds the persons whom a filter lets through.
func (p people) filterPeople(r *http.Request, c *gate.Caller, shown *peopleList, filter store.PersonFilter, place string) error {
	next := ""
	part := store.Keyset[string]{Limit: peoplePerPage, More: func(last string) { next = last }}
	err := readAfter(place, func(id string) (string, bool) { return id, true }, &part)
	if err != nil {
		return err
	}

	err = p.Store.For(c.Reader()).EachPersonWith(r.Context(), filter, part, wholeList{}, func(id string, person fed.Record) error {
		shown.Entries = append(shown.Entries, newPersonEntry(c, id, person))
		return nil
	})
	shown.Pager = newPager(shown.Search.Path, shown.Search.values(), place, next)
	return err
}

// rankedPerson is a person with how well the search fits.
type rankedPerson struct {
	id  string
	fit message
}

// rankPeople gives the persons whom a text fits best. A text may be the id of one, whom no name need
// fit.
func (p people) rankPeople(r *http.Request, c *gate.Caller, text string, filter store.PersonFilter) (ranked []rankedPerson, err error) {
	named, err := p.idsNamed(r, c, text, filter)
	if err != nil {
		return nil, err
	}
	for _, id := range named {
		ranked = append(ranked, rankedPerson{id, say("people.fit_account")})
	}

	found, err := p.Store.For(c.Reader()).RankPersons(r.Context(), store.Search{Text: text, Filter: filter, Limit: mostRanked})
	if fed.KindOf(err) == fed.Invalid && len(ranked) > 0 {
		return ranked, nil // an id need not have a word in it
	}
	for _, one := range found {
		ranked = append(ranked, rankedPerson{one.ID, fits.of(one.Score)})
	}
	return ranked, err
}
