// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
)

// kind is a type of resources: its rows, and the parameters of its search.
type kind struct {
	name       string
	rows       []gate.Row
	parameters []searchParameter
}

// Rows are those of the route table that the face answers. HEAD needs no row.
func (f *Face) Rows() (rows []gate.Row) {
	kinds := f.kinds()
	for _, one := range kinds {
		rows = append(rows, one.rows...)
	}

	statement := newStatement(kinds, f.Options)
	return append(rows,
		get("/fhir/metadata", access.Public, statement.get),
		get("/fhir/{type}", access.Public, statement.refuse),
		get("/fhir/{type}/{id}", access.Public, statement.refuse),
	)
}

// kinds are the types that there are.
func (f *Face) kinds() []kind {
	return []kind{
		(&patients{f}).rows(),
		f.registry("Organization", fed.Institution, access.Institutions, resource.InstitutionSystem, resource.Organization).rows(),
		f.registry("Location", fed.Unit, access.DomiciliaryUnits, resource.UnitSystem, resource.Location).rows(),
		f.clinical("Observation", (*resource.Page).Observations,
			codeParameter("code", "clinical-code"), categoryParameter("Observation-category"), dateParameter("date", "clinical-date")).rows(),
		f.clinical("Condition", (*resource.Page).Conditions,
			codeParameter("code", "clinical-code"), categoryParameter("Condition-category"), dateParameter("recorded-date", "Condition-recorded-date"),
			dateParameter("date", "Condition-recorded-date")).rows(),
		f.clinical("Immunization", (*resource.Page).Immunizations,
			codeParameter("vaccine-code", "Immunization-vaccine-code"), dateParameter("date", "clinical-date")).rows(),
		f.clinical("Procedure", (*resource.Page).Procedures,
			codeParameter("code", "clinical-code"), dateParameter("date", "clinical-date")).rows(),
		(&documents{f, clinicalParameters("DocumentReference",
			codeParameter("type", "clinical-type"), categoryParameter("DocumentReference-category"), dateParameter("date", "DocumentReference-date"), sortParameter)}).rows(),
		(&consents{f, consentParameters()}).rows(),
		(&auditEvents{f, auditParameters()}).rows(),
	}
}

func (f *Face) registry(kind string, of fed.Resource, all access.Endpoint, system string, made func(resource.Record) resource.Resource) *registry {
	return &registry{f, kind, of, made, all, registryParameters(kind, system)}
}

func (f *Face) clinical(kind string, of func(*resource.Page) []resource.Resource, others ...parameter[clinicalQuery]) *clinical {
	return &clinical{f, kind, of, clinicalParameters(kind, append(others, sortParameter)...)}
}

func (f *patients) rows() kind {
	const all, one = "/fhir/Patient", "/fhir/Patient/{person}"
	matching := posted(get(all+"/$match", access.Matches, read(f.match)))
	matching.Handle = bodied(matching.Handle)
	rows := append(searches(all, access.People, f.list),
		about(f.findPerson, get(one, access.Person, read(f.get))),
		about(f.findPerson, get(one+"/_history", access.History, getHistory(f.past))),
		about(f.findPerson, get(one+"/_history/{version}", access.History, read(getVersion(f.past)))),
		about(f.findPerson, withBook(get(one+"/$summary", access.Person, read(f.getSummary)))),
		about(f.findPerson, withBook(get(one+"/$everything", access.Person, f.getEverything))),
		matching,
		about(f.findIdentified, withBook(get(all+"/$summary", access.Person, f.findSummary))),
	)
	return kind{"Patient", rows, patientParameters.described()}
}

func (f *registry) rows() kind {
	all, endpoint := "/fhir/"+f.kind, access.Endpoint(f.of.Info().Endpoint)
	one := all + "/{" + string(f.of) + "}"
	rows := append(searches(all, f.all, f.list),
		get(one, endpoint, read(f.get)),
		get(one+"/_history", endpoint, getHistory(f.past)), // which wants the grant of the history, too
		get(one+"/_history/{version}", endpoint, read(getVersion(f.past))),
	)
	return kind{f.kind, rows, f.search.described()}
}

func (f *clinical) rows() kind {
	all := "/fhir/" + f.kind
	rows := append(ofPatient(f.findPatient(f.kind), searches(all, access.Book, f.list)),
		about(f.findPage, get(all+"/{page}", access.Page, read(f.get))),
	)
	return kind{f.kind, rows, f.search.described()}
}

func (f *documents) rows() kind {
	const name = "DocumentReference"
	rows := append(ofPatient(f.findPatient(name), searches("/fhir/"+name, access.PersonalDocs, f.list)),
		about(f.findDocument, get("/fhir/"+name+"/{document}", access.Document, read(f.get))),
	)
	return kind{name, rows, f.search.described()}
}

// get is a row about nobody.
func get(pattern string, endpoint access.Endpoint, handle gate.Handler) gate.Row {
	return gate.Row{
		Method: http.MethodGet, Pattern: pattern, Endpoint: endpoint, Face: gate.FHIR, BodyTimeout: gate.NoBody, Handle: negotiated(handle),
	}
}

// withBook is a row that shows the book of the person, too.
func withBook(row gate.Row) gate.Row {
	row.Besides = []access.Endpoint{access.Book}
	return row
}

// searches are the rows of a search: with a query, or with a form. Both read, whatever their method.
func searches(pattern string, endpoint access.Endpoint, handle gate.Handler) []gate.Row {
	return []gate.Row{get(pattern, endpoint, handle), posted(get(pattern+"/_search", endpoint, handle))}
}

// posted is a row that reads, and takes a body to be told what.
func posted(row gate.Row) gate.Row {
	row.Method, row.Grant, row.BodyTimeout = http.MethodPost, http.MethodGet, gate.ShortBody
	return row
}

// read lets a request through that has no parameters but those of every one.
func read(handle gate.Handler) gate.Handler {
	return func(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
		var nothing struct{}
		if _, err := (parameters[struct{}]{}).read(r, &nothing); err != nil {
			return err
		}
		return handle(w, r, c)
	}
}

// about is a row about the person whom find finds.
func about(find gate.Lookup, row gate.Row) gate.Row {
	row.Subject, row.Lookup = gate.OfLookup, find
	return row
}

func ofPatient(find gate.Lookup, rows []gate.Row) []gate.Row {
	for i := range rows {
		rows[i] = about(find, rows[i])
	}
	return rows
}
