// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"slices"

	"thalamus/internal/access"
	docs "thalamus/internal/document"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// Rows is the route table of the JSON resources, and of the form for a password. HEAD
// needs no row: it is GET without the body. OPTIONS is answered for every pattern.
func Rows(o Options) []gate.Row {
	base := history{o.Store}
	public := &public{o.Store, o.Version, o.Unready}
	people := &people{base, o.Verifier, o.Passwords, searchParameters(o.SearchFields)}
	books := &books{base}
	documents := &documents{o.Store, o.Inbox}
	units := &registry{base, o.Store.Registry(fed.Unit), fed.Unit, "domiciliary-units"}
	institutions := &registry{base, o.Store.Registry(fed.Institution), fed.Institution, "institutions"}
	return slices.Concat(
		public.rows(), people.rows(), books.rows(), documents.rows(),
		units.rows(access.DomiciliaryUnits), institutions.rows(access.Institutions), people.passwordRows(),
	)
}

func (h *public) rows() []gate.Row {
	return rowsAbout(gate.Nobody, gate.JSON,
		row("GET", "/", access.Public, gate.NoBody, h.getIndex).Takes(accountParameter),
		row("GET", "/health/live", access.Public, gate.NoBody, getLive),
		row("GET", "/health/ready", access.Public, gate.NoBody, h.getReady),
		row("GET", "/login", access.Login, gate.NoBody, getLogin),
		row("GET", "/statistics", access.Statistics, gate.ShortBody, h.getStatistics).Takes(statisticsParameters.Rules()),
	)
}

func (h *people) rows() []gate.Row {
	const person = "/people/{person}"
	all := row("GET", "/people", access.People, gate.LongBody, h.getPeople).Takes(h.searches.Rules())
	return slices.Concat(rowsAbout(gate.Nobody, gate.JSON, all), rowsAbout(gate.OfFilter, gate.JSON,
		row("GET", "/emergencies", access.Emergencies, gate.LongBody, h.getEmergencies).Takes(emergencyParameters.Rules()),
	), rowsAbout(gate.Nobody, gate.JSON,
		row("PATCH", "/emergencies/{emergency}", access.Emergencies, gate.ShortBody, h.patchEmergency),
	), rowsAbout(gate.OfPath, gate.JSON,
		row("GET", person, access.Person, gate.LongBody, h.getPerson).Takes(versionParameter),
		row("POST", person, access.Person, gate.ShortBody, h.postPerson),
		row("PATCH", person, access.Person, gate.ShortBody, h.patchPerson),
		row("DELETE", person, access.Person, gate.ShortBody, h.deletePerson),
		row("GET", person+"/history", access.History, gate.LongBody, h.getPersonHistory).Takes(unfiltered),
		row("GET", person+"/access", access.Access, gate.LongBody, h.getAccess).Takes(accessParameters.Rules()),
		row("GET", person+"/consents", access.Consents, gate.LongBody, h.getConsents).Takes(unfiltered),
		row("POST", person+"/consents", access.Consents, gate.ShortBody, h.postConsent),
		row("DELETE", person+"/consents/{consent}", access.Consents, gate.ShortBody, h.deleteConsent),
		row("POST", person+"/emergency", access.Emergency, gate.ShortBody, h.postEmergency),
		row("GET", person+"/matches", access.Matches, gate.ShortBody, h.getMatches).Takes(matchParameters.Rules()),
		row("GET", person+"/links", access.Links, gate.LongBody, h.getLinks).Takes(unfiltered),
		row("POST", person+"/links", access.Links, gate.ShortBody, h.postLink),
		row("DELETE", person+"/links/{other}", access.Links, gate.ShortBody, h.deleteLink),
	))
}

func (h *people) passwordRows() []gate.Row {
	return rowsAbout(gate.OfPath, gate.HTML,
		row("GET", "/password/{person}", access.Password, gate.ShortBody, h.getPassword),
		row("POST", "/password/{person}", access.Password, gate.ShortBody, h.postPassword),
	)
}

func (h *books) rows() []gate.Row {
	const page = "/pols/{person}/{page}"
	return rowsAbout(gate.OfPath, gate.JSON,
		row("GET", "/pols/{person}", access.Book, gate.LongBody, h.getBook).Takes(bookParameters.Rules()),
		row("GET", page, access.Page, gate.ShortBody, h.getPage).Takes(versionParameter),
		row("POST", page, access.Page, gate.ShortBody, h.postPage),
		row("PATCH", page, access.Page, gate.ShortBody, h.patchPage),
		row("DELETE", page, access.Page, gate.ShortBody, h.deletePage),
		row("GET", page+"/history", access.History, gate.LongBody, h.getPageHistory).Takes(unfiltered),
	)
}

func (h *documents) rows() []gate.Row {
	const page, document = "/personal_docs/{person}/{page}", "/personal_docs/{person}/{page}/{document}"
	return rowsAbout(gate.OfPath, gate.JSON,
		row("GET", "/personal_docs/{person}", access.PersonalDocs, gate.LongBody, h.getDocuments).Takes(unfiltered),
		row("GET", page, access.PolDocs, gate.LongBody, h.getDocuments).Takes(unfiltered),
		row("POST", page, access.PolDocs, gate.LongBody, h.postDocument).Takes(docs.IDParameter),
		row("GET", document, access.Document, gate.LongBody, h.getDocument),
		row("PATCH", document, access.Document, gate.ShortBody, h.patchDocument),
		row("DELETE", document, access.Document, gate.ShortBody, h.deleteDocument),
	)
}

func (g *registry) rows(all access.Endpoint) []gate.Row {
	collection, one := "/"+g.segment, g.endpoint()
	record := collection + "/{" + string(g.resource) + "}"
	return rowsAbout(gate.Nobody, gate.JSON,
		row("GET", collection, all, gate.LongBody, g.list).Takes(unfiltered),
		row("GET", record, one, gate.ShortBody, g.get).Takes(versionParameter),
		row("POST", record, one, gate.ShortBody, g.post),
		row("PATCH", record, one, gate.ShortBody, g.patch),
		row("DELETE", record, one, gate.ShortBody, g.delete),
	)
}

var unfiltered = gate.Unfiltered.Rules()

func row(method, pattern string, endpoint access.Endpoint, timeout gate.BodyTimeout, handle gate.Handler) gate.Row {
	return gate.Row{Method: method, Pattern: pattern, Endpoint: endpoint, BodyTimeout: timeout, Handle: handle}
}

// rowsAbout sets the subject of rows and the face in which they show errors.
func rowsAbout(subject gate.Subject, face gate.Face, rows ...gate.Row) []gate.Row {
	for i := range rows {
		rows[i].Subject, rows[i].Face = subject, face
	}
	return rows
}
