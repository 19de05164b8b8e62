// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"

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
	return reply(w, r, recordOf(stored.Revision), f.made(r, c, stored))
}

// list answers with the documents of a person, by id. A person has few.
func (f *documents) list(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q := clinicalQuery{zone: f.Zone, Paging: gate.PagingAt(c, "fhir", "DocumentReference", c.Subject)}
	used, err := f.search.read(r, &q)
	if err != nil {
		return err
	}

	b, given, last := newBundle(r, c, "searchset", "DocumentReference"), 0, ""
	b.used = used
	take := func(stored store.DocumentRevision) error {
		one := f.made(r, c, stored)
		if !q.fits(one) {
			return nil
		}

		given++
		if q.Limit > 0 && given > q.Limit {
			b.setNext(q.Cursor(last))
			return nil
		}

		last = stored.ID
		return b.add(one)
	}
	return b.write(w, r, c, func() error {
		return f.Store.For(c.Reader()).EachDocumentRevision(r.Context(), c.Subject, store.Keyset[string]{After: q.After}, b, take)
	})
}
