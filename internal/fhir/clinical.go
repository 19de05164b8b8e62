// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"

	"thalamus/internal/fed"
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

// findPage finds the person in whose book a page is, and puts the page's own id in the path.
func (f *Face) findPage(_ http.ResponseWriter, r *http.Request, c *gate.Caller) (person string, err error) {
	asked := c.Param("page")
	r.SetPathValue("id", asked)

	name, ok := resource.ReadPageID(asked)
	if !ok {
		return "", nil
	}

	id, err := f.storedID(r, fed.Page, name)
	if err != nil || id == "" {
		return "", err
	}
	c.SetParam("page", id)
	return f.Store.Owner(r.Context(), fed.Page, id)
}

// storedID gives the id of a record of this name; "" if there is none of a digest.
func (f *Face) storedID(r *http.Request, of fed.Resource, name resource.Name) (string, error) {
	if name.Digest == "" {
		return name.ID, nil
	}
	return f.Store.LongID(r.Context(), of, name.Digest)
}

func (f *clinical) get(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	stored, err := f.Store.For(c.Reader()).PageRevision(r.Context(), c.Subject, c.Param("page"))
	if fed.KindOf(err) == fed.NotFound {
		return notFound()
	}
	if err != nil {
		return err
	}

	for _, one := range f.of(f.page(c.Subject, stored)) {
		if one.ID == r.PathValue("id") {
			return reply(w, r, recordOf(stored), one)
		}
	}
	return notFound()
}

// findPatient finds the person of a search, which has to be about one.
func (f *clinical) findPatient(w http.ResponseWriter, r *http.Request, c *gate.Caller) (person string, err error) {
	c.LimitBody(w, r)
	form, err := readForm(w, r)
	if err != nil {
		return "", err
	}

	var name resource.Name
	for _, value := range append(form["patient"], form["subject"]...) {
		read, ok := readPatient(value, gate.URL(r, c, "fhir")+"/")
		if !ok || name != (resource.Name{}) && name != read {
			return "", fed.Errorf(fed.Malformed, "patient %s", patientRule)
		}
		name = read
	}

	if name == (resource.Name{}) {
		return "", fed.Errorf(fed.Malformed, "A search of %s needs the parameter patient.", f.kind)
	}
	return f.storedID(r, fed.Person, name)
}

func (f *clinical) list(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q := clinicalQuery{zone: f.Zone, Paging: gate.PagingAt(c, "fhir", f.kind, c.Subject)}
	used, err := f.search.read(r, &q)
	if err != nil {
		return err
	}

	s := &bookSearch{clinical: f, q: q, bundle: newBundle(r, c, "searchset", f.kind)}
	s.used = used
	if q.After != nil {
		s.from, err = parsePlace(q.descending, *q.After)
	}
	if err != nil {
		return err
	}

	return s.write(w, r, c, func() error { return s.run(r, c) })
}
