// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
)

// patients answers for persons.
type patients struct{ *Face }

func (f *patients) get(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	found, stored, err := f.find(r, c)
	if err != nil {
		return err
	}
	return reply(w, r, stored, found)
}

// find finds the person of a request.
func (f *patients) find(r *http.Request, c *gate.Caller) (found resource.Resource, stored resource.Record, err error) {
	revision, err := f.Store.For(c.Reader()).PersonRevision(r.Context(), c.Subject)
	if err != nil {
		return found, stored, orNotFound(err)
	}

	linked, err := f.linked(r, c, c.Subject, revision.Linked)
	stored = recordOf(revision)
	return resource.Patient(stored, linked, f.Zone), stored, err
}

// linked gives the other records of the same person, if the caller may read them.
func (f *Face) linked(r *http.Request, c *gate.Caller, person, linked string) ([]string, error) {
	if linked == "" || c.Reach(http.MethodGet, access.Person) != access.AllRecords {
		return nil, nil
	}

	same, err := f.Store.For(c.Reader()).Same(r.Context(), linked)
	return slices.DeleteFunc(same, func(id string) bool { return id == person }), err
}
