// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
)

// Rows are those of the route table that the face answers. HEAD needs no row.
func (f *Face) Rows() (rows []gate.Row) {
	rows = append(rows, (&patients{f}).rows()...)
	for _, one := range f.clinical() {
		rows = append(rows, one.rows()...)
	}
	return rows
}

// clinical are the types that are made of pages.
func (f *Face) clinical() []*clinical {
	return []*clinical{
		{f, "Observation", (*resource.Page).Observations, clinicalParameters("Observation",
			codeParameter("code", "clinical-code"), categoryParameter("Observation-category"), dateParameter("date", "clinical-date"))},
		{f, "Condition", (*resource.Page).Conditions, clinicalParameters("Condition",
			codeParameter("code", "clinical-code"), categoryParameter("Condition-category"),
			dateParameter("recorded-date", "Condition-recorded-date"), dateParameter("date", "Condition-recorded-date"))},
		{f, "Immunization", (*resource.Page).Immunizations, clinicalParameters("Immunization",
			codeParameter("vaccine-code", "Immunization-vaccine-code"), dateParameter("date", "clinical-date"))},
		{f, "Procedure", (*resource.Page).Procedures, clinicalParameters("Procedure",
			codeParameter("code", "clinical-code"), dateParameter("date", "clinical-date"))},
	}
}

func (f *patients) rows() []gate.Row {
	const person = "/fhir/Patient/{person}"
	return []gate.Row{about(f.findPerson, get(person, access.Person, f.get))}
}

func (f *clinical) rows() []gate.Row {
	path := "/fhir/" + f.kind
	return []gate.Row{
		about(f.findPatient, get(path, access.Book, f.list)),
		about(f.findPatient, post(path+"/_search", access.Book, f.list)),
		about(f.findPage, get(path+"/{page}", access.Page, f.get)),
	}
}

// get is a row about nobody.
func get(pattern string, endpoint access.Endpoint, handle gate.Handler) gate.Row {
	return gate.Row{
		Method: http.MethodGet, Pattern: pattern, Endpoint: endpoint, Face: gate.FHIR, BodyTimeout: gate.NoBody, Handle: negotiated(handle),
	}
}

// post is a row of a search that is sent as a form. It reads, whatever the method.
func post(pattern string, endpoint access.Endpoint, handle gate.Handler) gate.Row {
	row := get(pattern, endpoint, handle)
	row.Method, row.Grant, row.BodyTimeout = http.MethodPost, http.MethodGet, gate.ShortBody
	return row
}

// about is a row about the person whom find finds.
func about(find gate.Lookup, row gate.Row) gate.Row {
	row.Subject, row.Lookup = gate.OfLookup, find
	return row
}
