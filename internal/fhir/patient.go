// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
)

// patients answers for persons.
type patients struct{ *Face }

// findPerson finds the person of the path.
func (f *Face) findPerson(_ http.ResponseWriter, r *http.Request, c *gate.Caller) (person string, err error) {
	name, ok := resource.ReadID(c.Param("person"))
	if !ok {
		return "", nil
	}

	person, err = f.storedID(r, fed.Person, name)
	if err != nil || person == "" {
		return "", err
	}
	c.SetParam("person", person)
	return person, nil
}

func (f *patients) get(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	stored, err := f.Store.For(c.Reader()).PersonRevision(r.Context(), c.Subject)
	if fed.KindOf(err) == fed.NotFound {
		return notFound()
	}
	if err != nil {
		return err
	}

	linked, err := f.linked(r, c, c.Subject, stored.Linked)
	if err != nil {
		return err
	}
	return reply(w, r, recordOf(stored), resource.Patient(recordOf(stored), linked, f.Zone))
}

// linked gives the other records of the same person, if the caller may read them.
func (f *Face) linked(r *http.Request, c *gate.Caller, person, linked string) ([]string, error) {
	if linked == "" || c.Reach(http.MethodGet, access.Person) != access.AllRecords {
		return nil, nil
	}

	same, err := f.Store.For(c.Reader()).Same(r.Context(), linked)
	return slices.DeleteFunc(same, func(id string) bool { return id == person }), err
}
