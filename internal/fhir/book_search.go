// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// place is where a search goes on in a book: behind a resource of a page.
type place struct {
	key      store.BookKey
	kind, id string // of the resource
}

// is reports whether a resource is that of the place.
func (p place) is(one resource.Resource) bool { return one.Type == p.kind && one.ID == p.id }

// format writes a place for a cursor, which is good for one direction.
func (p place) format(descending bool) string {
	return strconv.FormatBool(descending) + " " + p.kind + "/" + p.id + " " + p.key.Format()
}

// parsePlace reads what format wrote.
func parsePlace(descending bool, text string) (*place, error) {
	parts := strings.SplitN(text, " ", 3)
	if len(parts) < 3 || parts[0] != strconv.FormatBool(descending) {
		return nil, wrongAfter()
	}

	kind, id, _ := strings.Cut(parts[1], "/")
	key, ok := store.ParseBookKey(parts[2])
	if !ok {
		return nil, wrongAfter()
	}
	return &place{key, kind, id}, nil
}

// bookSearch looks through a book for the resources of a search.
type bookSearch struct {
	*Face
	*results
	of   func(*resource.Page) []resource.Resource
	from *place // nil: the beginning
	last place  // of the resource that was given last
}

// chunk is how many records are read at a time where few resources are wanted.
const chunk = 100

// run reads the book: all of it, or until there are as many resources as are wanted, and one more.
func (s *bookSearch) run(r *http.Request, c *gate.Caller) error {
	query, part := s.bookQuery(c.Subject), store.Keyset[store.BookKey]{}
	if s.q.Limit > 0 {
		part.Limit = max(s.q.Limit, chunk)
	}
	if s.from != nil {
		part.After, query.Inclusive = &s.from.key, true
	}

	for {
		var next *store.BookKey
		part.More = func(last store.BookKey) { next = &last }

		err := s.Store.For(c.Reader()).EachPageRevision(r.Context(), query, part, s, func(page store.PageRevision) error {
			return s.take(c.Subject, page)
		})
		if err != nil || next == nil || s.more {
			return err
		}
		part.After, query.Inclusive = next, false
	}
}

// take adds the resources of a page that are wanted.
func (s *bookSearch) take(person string, stored store.PageRevision) error {
	if s.more {
		return nil
	}

	for _, one := range s.rest(stored.Key, s.of(s.page(person, stored.Revision))) {
		added, err := s.offer(one)
		if err != nil {
			return err
		}
		if added {
			s.last = place{stored.Key, one.Type, one.ID}
		}
	}
	return nil
}

// rest leaves out what the Bundle before had of a page. If that has changed, and the last one is gone, all of it comes
// again: nothing is lost.
func (s *bookSearch) rest(page store.BookKey, all []resource.Resource) []resource.Resource {
	if s.from == nil || !page.Equal(s.from.key) {
		return all
	}
	return all[slices.IndexFunc(all, s.from.is)+1:]
}

// zones is how far a time without a zone may be from what the order of a book takes it for: UTC.
const zones = 24 * time.Hour

// bookQuery asks for all pages of which something may fit.
func (s *bookSearch) bookQuery(person string) store.BookQuery {
	query := store.BookQuery{Books: []string{person}, Descending: s.q.descending}
	for _, dates := range s.q.dates {
		begin, end := hull(dates)
		if !begin.IsZero() && query.From.Before(begin) {
			query.From = begin
		}
		if !end.IsZero() && (query.To.IsZero() || end.Before(query.To)) {
			query.To = end
		}
	}

	if !query.From.IsZero() {
		query.From = query.From.UTC().Add(-zones)
	}
	if !query.To.IsZero() {
		query.To = query.To.UTC().Add(zones)
	}
	return query
}
