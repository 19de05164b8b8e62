// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"context"
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// storedID gives the id of a record of this name; "" if there is none of a digest.
func storedID(ctx context.Context, db *store.DB, of fed.Resource, name resource.Name) (string, error) {
	if name.Digest == "" {
		return name.ID, nil
	}
	return db.LongID(ctx, of, name.Digest)
}

// findPerson finds the person of the path.
func (f *Face) findPerson(_ http.ResponseWriter, r *http.Request, c *gate.Caller) (person string, err error) {
	person, err = f.findRecord(r, c, "person", fed.Person, resource.ReadID)
	return person, err
}

// findPage finds the person in whose book the page of the path is.
func (f *Face) findPage(_ http.ResponseWriter, r *http.Request, c *gate.Caller) (person string, err error) {
	return f.findOwner(r, c, "page", fed.Page, resource.ReadPageID)
}

// findDocument finds the person of the document of the path.
func (f *Face) findDocument(_ http.ResponseWriter, r *http.Request, c *gate.Caller) (person string, err error) {
	return f.findOwner(r, c, "document", fed.Document, resource.ReadID)
}

func (f *Face) findOwner(r *http.Request, c *gate.Caller, param string, of fed.Resource, read func(string) (resource.Name, bool)) (person string, err error) {
	id, err := f.findRecord(r, c, param, of, read)
	if err != nil || id == "" {
		return "", err
	}
	return f.Store.Owner(r.Context(), c.Reader(), of, id)
}

// findRecord puts the id of a record, as it is stored, in the path where its FHIR id was, which the handler
// finds under the name "id"; "" if no record can have that.
func (f *Face) findRecord(r *http.Request, c *gate.Caller, param string, of fed.Resource, read func(string) (resource.Name, bool)) (id string, err error) {
	asked := c.Param(param)
	r.SetPathValue("id", asked)

	name, ok := read(asked)
	if !ok {
		return "", nil
	}

	id, err = storedID(r.Context(), f.Store, of, name)
	if err != nil || id == "" {
		return "", err
	}
	c.SetParam(param, id)
	return id, nil
}

// findPatient finds the person of a search of such resources, which has to be about one.
func (f *Face) findPatient(kind string) gate.Lookup {
	return f.findNamed("A search of "+kind+" needs the parameter patient.", "patient", "subject")
}

// findNamed finds the person whom one of these parameters names, or several of them. The refusal of a search
// without any is missing.
func (f *Face) findNamed(missing string, parameters ...string) gate.Lookup {
	return func(w http.ResponseWriter, r *http.Request, c *gate.Caller) (person string, err error) {
		c.LimitBody(w, r)
		form, err := readForm(w, r)
		if err != nil {
			return "", err
		}

		var name resource.Name
		for _, parameter := range parameters {
			for _, value := range form[parameter] {
				read, ok := readPatient(value, gate.URL(r, c, "fhir")+"/")
				if !ok || name != (resource.Name{}) && name != read {
					return "", fed.Errorf(fed.Malformed, "%s %s", parameters[0], patientRule)
				}
				name = read
			}
		}

		if name == (resource.Name{}) {
			return "", fed.Errorf(fed.Malformed, "%s", missing)
		}
		return storedID(r.Context(), f.Store, fed.Person, name)
	}
}
