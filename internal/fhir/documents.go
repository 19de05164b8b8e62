// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"strconv"
	"strings"

	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// documents answers for documents.
type documents struct {
	*Face
	search parameters[clinicalQuery]
}

// made is a document of the subject, as a resource.
func (f *documents) made(r *http.Request, c *gate.Caller, stored store.DocumentRevision) resource.Resource {
	return resource.DocumentReference(resource.Document{
		Record: recordOf(stored.Revision), Person: c.Subject, Page: stored.Page, Size: stored.Size,
		URL: gate.URL(r, c, "personal_docs", c.Subject, stored.Page, stored.ID),
	})
}

func (f *documents) get(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	stored, err := f.Store.For(c.Reader()).DocumentRevision(r.Context(), c.Subject, c.Param("document"))
	if err != nil {
		return orNotFound(err)
	}
	return replyOfBook(w, r, c, recordOf(stored.Revision), f.made(r, c, stored))
}

// list answers with the documents of a person, by id or by date.
func (f *documents) list(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q := clinicalQuery{zone: f.Zone, Paging: gate.PagingAt(c, "fhir", "DocumentReference", c.Subject)}
	used, err := f.search.read(r, &q)
	if err != nil {
		return err
	}

	found, err := newResults(r, c, q, newBundle(r, c, "searchset", "DocumentReference"))
	if err != nil {
		return err
	}

	s := &documentSearch{documents: f, results: found}
	s.used = used
	if q.After != nil {
		if err := s.goOn(*q.After); err != nil {
			return err
		}
	}
	return s.write(w, r, c, func() error {
		if err := s.run(r, c); err != nil {
			return err
		}
		s.linkNext(s.cursor)
		return nil
	})
}

// documentSearch looks through the documents of a person.
type documentSearch struct {
	*documents
	*results
	after *store.BookKey // the document that it begins behind; nil: the beginning
	last  store.BookKey  // of the one that was given last
}

// cursor is the place of what was given last: an id or, in the order of time, a direction and a key.
func (s *documentSearch) cursor() string {
	if !s.q.sorted {
		return s.last.ID
	}
	return strconv.FormatBool(s.q.descending) + " " + s.last.Format()
}

// goOn begins where a cursor says.
func (s *documentSearch) goOn(cursor string) error {
	s.after = &store.BookKey{ID: cursor}
	if !s.q.sorted {
		return nil
	}

	direction, place, _ := strings.Cut(cursor, " ")
	key, ok := store.ParseBookKey(place)
	if !ok || direction != strconv.FormatBool(s.q.descending) {
		return wrongAfter()
	}
	s.after = &key
	return nil
}

// run reads the documents: all of them, or until there are as many as are wanted, and one more.
func (s *documentSearch) run(r *http.Request, c *gate.Caller) error {
	query, part := store.DocumentQuery{Person: c.Subject, ByTime: s.q.sorted, Descending: s.q.descending}, store.Keyset[store.BookKey]{After: s.after}
	if s.q.Limit > 0 {
		part.Limit = max(s.q.Limit, chunk)
	}

	for {
		var next *store.BookKey
		part.More = func(last store.BookKey) { next = &last }

		err := s.Store.For(c.Reader()).EachDocumentRevision(r.Context(), query, part, s, func(stored store.DocumentRevision) error {
			given, err := s.offer(s.made(r, c, stored))
			if given {
				s.last = query.Place(stored)
			}
			return err
		})
		if err != nil || next == nil || s.more {
			return err
		}
		part.After = next
	}
}
