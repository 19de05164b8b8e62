// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/fhir/summary"
	"thalamus/internal/gate"
)

// getSummary answers with the International Patient Summary of a person, a document that is made anew.
func (f *patients) getSummary(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	made, err := summary.Read(r.Context(), c, f.Store, f.Zone)
	if err != nil {
		return orNotFound(err)
	}

	gate.Reply(w, http.StatusOK, gate.FHIRType, summary.JSON(r, c, made, f.Version))
	return nil
}

// identifierParameter is of a request that names its person by it.
var identifierParameter = parameters[struct{}]{
	{Name: "identifier", Rule: identifierRule, Read: func(*struct{}, string) bool { return true }}, // it is the request's subject
}

const identifierRule = "must be the one identifier of a person: " + resource.Federation + "| and an id."

// findSummary is getSummary of the person whom the query names.
func (f *patients) findSummary(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	var nothing struct{}
	if _, err := identifierParameter.read(r, &nothing); err != nil {
		return err
	}
	return f.getSummary(w, r, c)
}

// findIdentified finds the person of an identifier. One of another system is nobody's here.
func (f *patients) findIdentified(w http.ResponseWriter, r *http.Request, _ *gate.Caller) (person string, err error) {
	form, err := readForm(w, r)
	if err != nil {
		return "", err
	}

	values := form["identifier"]
	if len(values) != 1 {
		return "", fed.Errorf(fed.Malformed, "identifier %s", identifierRule)
	}
	names, ok := readIdentifiers(values[0], resource.Federation)
	if !ok || len(names) > 1 || !gate.Storable(values[0]) {
		return "", fed.Errorf(fed.Malformed, "identifier %s", identifierRule)
	}
	if len(names) == 0 {
		return "", nil
	}
	return names[0].ID, nil
}
