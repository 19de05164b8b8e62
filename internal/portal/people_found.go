// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// idsNamed gives the ids that a text is, as it is written or in capitals: of those whom the filter lets
// through.
func (p people) idsNamed(r *http.Request, c *gate.Caller, text string, filter store.PersonFilter) (ids []string, err error) {
	if strings.ContainsRune(text, ' ') || len(text) > fed.LongestID {
		return nil, nil
	}

	filter.IDs = []string{text, record.Upper(text)}
	part := store.Keyset[string]{Limit: len(filter.IDs)}
	err = p.Store.For(c.Reader()).EachPersonWith(r.Context(), filter, part, wholeList{}, func(id string, _ fed.Record) error {
		ids = append(ids, id)
		return nil
	})
	return ids, err
}

// rankedEntries reads the persons of a search, in its order.
func (p people) rankedEntries(r *http.Request, c *gate.Caller, ranked []rankedPerson) ([]personEntry, error) {
	ids := make([]string, len(ranked))
	for i, one := range ranked {
		ids[i] = one.id
	}

	entries, err := p.entriesOf(r, c, ids)
	for i := range entries {
		entries[i].Fit = ranked[i].fit
	}
	return entries, err
}

// entriesOf reads persons, in the order of their ids here. Of persons whose records the caller may not
// have, and of those who are not there any more, it has the id alone.
func (p people) entriesOf(r *http.Request, c *gate.Caller, ids []string) ([]personEntry, error) {
	known := map[string]personEntry{}
	if len(ids) > 0 && (c.Reach(http.MethodGet, access.Person) == access.AllRecords || c.Reach(http.MethodGet, access.People) != access.NoRecords) {
		filter, part := store.PersonFilter{IDs: ids}, store.Keyset[string]{Limit: len(ids)}
		err := p.Store.For(c.Reader()).EachPersonWith(r.Context(), filter, part, wholeList{}, func(id string, person fed.Record) error {
			known[id] = newPersonEntry(c, id, person)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}

	entries := make([]personEntry, len(ids))
	for i, id := range ids {
		entries[i] = personEntry{ID: id}
		if found, ok := known[id]; ok {
			entries[i] = found
		}
	}
	return entries, nil
}

// idsOf are the ids of persons who are shown.
func idsOf(entries []personEntry) []string {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	return ids
}

// fits say how well a person fits a search.
var fits = degrees{{0.995, "people.fit_all"}, {0.75, "people.fit_nearly"}, {0.5, "people.fit_similar"}, {0, "people.fit_partly"}}

// degrees are words for scores, from the highest on.
type degrees []struct {
	least float64
	text  string
}

func (d degrees) of(score float64) message {
	for _, one := range d {
		if score >= one.least {
			return say(one.text)
		}
	}
	return message{}
}
