// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// place is where a search goes on in a book: at a page, of which so many resources were given or left
// out already.
type place struct {
	key   store.BookKey
	taken int
}

// format writes a place for a cursor, which is good for one direction.
func (p place) format(descending bool) string {
	return strconv.FormatBool(descending) + " " + strconv.Itoa(p.taken) + " " + p.key.Format()
}

// parsePlace reads what format wrote.
func parsePlace(descending bool, text string) (*place, error) {
	parts := strings.SplitN(text, " ", 3)
	if len(parts) < 3 || parts[0] != strconv.FormatBool(descending) {
		return nil, wrongAfter()
	}

	taken, err := strconv.Atoi(parts[1])
	key, ok := store.ParseBookKey(parts[2])
	if err != nil || !ok {
		return nil, wrongAfter()
	}
	return &place{key, taken}, nil
}

// bookSearch looks through a book for the resources of a search.
type bookSearch struct {
	*clinical
	*bundle
	q    clinicalQuery
	from *place // nil: the beginning

	given int
	last  place // of the resource that was given last
	more  bool  // there is another resource behind that
}

// chunk is how many pages are read at a time where few resources are wanted.
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
		if err != nil {
			return err
		}

		if next == nil || s.more {
			s.linkNext()
			return nil
		}
		part.After, query.Inclusive = next, false
	}
}

// take adds the resources of a page that are wanted.
func (s *bookSearch) take(person string, stored store.PageRevision) error {
	if s.more {
		return nil
	}

	for i, one := range s.of(s.page(person, stored.Revision)) {
		if s.isTaken(stored.Key, i) || !s.q.fits(one) {
			continue
		}
		if s.q.Limit > 0 && s.given == s.q.Limit {
			s.more = true
			return nil
		}

		if err := s.add(one); err != nil {
			return err
		}
		s.given++
		s.last = place{stored.Key, i + 1}
	}
	return nil
}

// isTaken reports whether the Bundle before had this resource of a page.
func (s *bookSearch) isTaken(page store.BookKey, n int) bool {
	return s.from != nil && n < s.from.taken && page.Equal(s.from.key)
}

func (s *bookSearch) linkNext() {
	if !s.more {
		return
	}
	s.setNext(s.q.Cursor(s.last.format(s.q.descending)))
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
