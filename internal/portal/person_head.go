// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// mostMatches is how many probable duplicates are shown, the most probable ones.
const mostMatches = 10

// personHead is who a person is, and what else there may be of the person.
type personHead struct {
	personEntry
	Last    *entry        // the newest page; nil: there is none, or the caller may not read the book
	MayRead bool          // the caller may read the book
	Part    bool          // not all of it
	Same    []personEntry // other records of the same person
	Matches []personEntry // records that may be of the same person
}

// getPerson shows a person, with other records that are or may be of the same person, whose ids the access
// record has.
func (p people) getPerson(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	stored, err := p.Store.For(c.Reader()).Person(r.Context(), c.Subject)
	if err != nil {
		return err
	}

	shown := personHead{personEntry: newPersonEntry(c, c.Subject, stored.Record)}
	if err := p.readLast(r, c, &shown); err != nil {
		return err
	}
	if err := p.readRelated(r, c, &shown); err != nil {
		return err
	}

	if others := append(idsOf(shown.Same), idsOf(shown.Matches)...); len(others) > 0 {
		err = c.RecordPersons(others)
	}
	if err != nil {
		return err
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "person", Title: say("page.title", "title", shown.Said()), Data: shown, Withheld: shown.Part})
}

// readLast reads the newest page of the book.
func (p people) readLast(r *http.Request, c *gate.Caller, shown *personHead) error {
	shown.MayRead = c.May(http.MethodGet, access.Book)
	if !shown.MayRead {
		return nil
	}

	part, err := p.Store.Withholds(r.Context(), c.Reader(), c.Subject)
	if err != nil {
		return err
	}
	shown.Part = part && !c.Own

	asked := store.BookQuery{Books: []string{c.Subject}, Descending: true}
	pages, _, err := p.Store.For(c.Reader()).ListPages(r.Context(), asked, listedMembers, store.Keyset[store.BookKey]{Limit: 1})
	for _, page := range pages {
		last := newEntry(c.Path(personPath(c, "page", page.ID)...), page.Page)
		shown.Last = &last
	}
	return err
}

// readRelated reads the other records of the same person, and those that may be: the latter without what
// the links say already.
func (p people) readRelated(r *http.Request, c *gate.Caller, shown *personHead) (err error) {
	view := p.Store.For(c.Reader())
	if c.May(http.MethodGet, access.Links) {
		shown.Same, err = p.readSame(r, c, view)
	}
	if err != nil || !c.May(http.MethodGet, access.Matches) {
		return err
	}

	found, err := view.Matches(r.Context(), c.Subject, mostMatches)
	if err != nil {
		return err
	}

	ids := make([]string, len(found))
	for i, pair := range found {
		ids[i] = pair.Other
	}
	shown.Matches, err = p.entriesOf(r, c, ids)
	for i := range shown.Matches {
		shown.Matches[i].Fit = likelihoods.of(found[i].Score)
	}
	return err
}

func (p people) readSame(r *http.Request, c *gate.Caller, view store.View) ([]personEntry, error) {
	cluster, err := view.Cluster(r.Context(), c.Subject)
	if err != nil {
		return nil, err
	}

	var others []string
	for _, id := range cluster {
		if id != c.Subject {
			others = append(others, id)
		}
	}
	return p.entriesOf(r, c, others)
}

// likelihoods say how probably two records are of one person. None below a half is shown.
var likelihoods = degrees{{0.95, "person.match_certain"}, {0.75, "person.match_probable"}, {0, "person.match_possible"}}
