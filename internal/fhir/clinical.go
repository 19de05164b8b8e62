// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"

	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// clinical answers for a type of resource that is made of pages of life.
type clinical struct {
	*Face
	kind   string
	of     func(*resource.Page) []resource.Resource
	search parameters[clinicalQuery]
}

// page gives a page as it is mapped.
func (f *Face) page(person string, stored store.Revision) *resource.Page {
	return resource.ReadPage(person, recordOf(stored), f.Zone)
}

func (f *clinical) get(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	stored, err := f.Store.For(c.Reader()).PageRevision(r.Context(), c.Subject, c.Param("page"))
	if err != nil {
		return orNotFound(err)
	}

	for _, one := range f.of(f.page(c.Subject, stored)) {
		if one.ID == r.PathValue("id") {
			return replyOfBook(w, r, c, recordOf(stored), one)
		}
	}
	return notFound()
}

func (f *clinical) list(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q := clinicalQuery{zone: f.Zone, Paging: gate.PagingAt(c, "fhir", f.kind, c.Subject)}
	used, err := f.search.read(r, &q)
	if err != nil {
		return err
	}

	found, err := newResults(r, c, q, newBundle(r, c, "searchset", f.kind))
	if err != nil {
		return err
	}

	s := &bookSearch{Face: f.Face, of: f.of, results: found}
	s.used = used
	if q.After != nil {
		s.from, err = parsePlace(q.descending, *q.After)
	}
	if err != nil {
		return err
	}

	return s.write(w, r, c, func() error {
		if err := s.run(r, c); err != nil {
			return err
		}
		s.linkNext(func() string { return s.last.format(q.descending) })
		return nil
	})
}
