// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// row is a gate.Row on one line.
type row gate.Row

// Rows is the route table of the JSON resources, and of the form for a password. HEAD
// needs no row: it is GET without the body. OPTIONS is answered for every pattern.
func Rows(o Options) (rows []gate.Row) {
	const person, page, document = "/people/{person}", "/pols/{person}/{page}", "/personal_docs/{person}/{page}/{document}"
	const unit, institution = "/domiciliary-units/{unit}", "/institutions/{institution}"
	past := history{o.Store}
	public := &public{o.Store, o.Version}
	people := &people{past, o.Verifier, o.Passwords, searchParameters(o.SearchFields)}
	unfiltered := gate.Unfiltered.Rules()
	books := &books{past}
	documents := newDocuments(o)
	units := &registry{past, o.Store.Registry(fed.Unit), fed.Unit, "domiciliary-units"}
	institutions := &registry{past, o.Store.Registry(fed.Institution), fed.Institution, "institutions"}
	for _, r := range []row{
		{"GET", "/", access.Public, gate.Nobody, gate.JSON, gate.Instant, public.getIndex, nil},
		{"GET", "/health/live", access.Public, gate.Nobody, gate.JSON, gate.Instant, getLive, nil},
		{"GET", "/health/ready", access.Public, gate.Nobody, gate.JSON, gate.Brief, public.getReady, nil},
		{"GET", "/login", access.Login, gate.Nobody, gate.JSON, gate.Instant, getLogin, nil},

		{"GET", "/people", access.People, gate.Nobody, gate.JSON, gate.Flowing, people.getPeople, people.searches.Rules()},
		{"GET", person, access.Person, gate.OfPath, gate.JSON, gate.Flowing, people.getPerson, versionParameter},
		{"POST", person, access.Person, gate.OfPath, gate.JSON, gate.Brief, people.postPerson, nil},
		{"PATCH", person, access.Person, gate.OfPath, gate.JSON, gate.Brief, people.patchPerson, nil},
		{"DELETE", person, access.Person, gate.OfPath, gate.JSON, gate.Brief, people.deletePerson, nil},
		{"GET", person + "/history", access.History, gate.OfPath, gate.JSON, gate.Flowing, people.getPersonHistory, unfiltered},
		{"GET", person + "/matches", access.Matches, gate.OfPath, gate.JSON, gate.Brief, people.getMatches, matchParameters.Rules()},
		{"GET", person + "/links", access.Links, gate.OfPath, gate.JSON, gate.Flowing, people.getLinks, unfiltered},
		{"POST", person + "/links", access.Links, gate.OfPath, gate.JSON, gate.Brief, people.postLink, nil},
		{"DELETE", person + "/links/{other}", access.Links, gate.OfPath, gate.JSON, gate.Brief, people.deleteLink, nil},

		{"GET", "/pols/{person}", access.Book, gate.OfPath, gate.JSON, gate.Flowing, books.getBook, bookParameters.Rules()},
		{"GET", page, access.Page, gate.OfPath, gate.JSON, gate.Brief, books.getPage, versionParameter},
		{"POST", page, access.Page, gate.OfPath, gate.JSON, gate.Brief, books.postPage, nil},
		{"PATCH", page, access.Page, gate.OfPath, gate.JSON, gate.Brief, books.patchPage, nil},
		{"DELETE", page, access.Page, gate.OfPath, gate.JSON, gate.Brief, books.deletePage, nil},
		{"GET", page + "/history", access.History, gate.OfPath, gate.JSON, gate.Flowing, books.getPageHistory, unfiltered},

		{"GET", "/personal_docs/{person}", access.PersonalDocs, gate.OfPath, gate.JSON, gate.Flowing, documents.getDocuments, unfiltered},
		{"GET", "/personal_docs/{person}/{page}", access.PolDocs, gate.OfPath, gate.JSON, gate.Flowing, documents.getDocuments, unfiltered},
		{"POST", "/personal_docs/{person}/{page}", access.PolDocs, gate.OfPath, gate.JSON, gate.Flowing, documents.postDocument, idParameter},
		{"GET", document, access.Document, gate.OfPath, gate.JSON, gate.Flowing, documents.getDocument, nil},
		{"PATCH", document, access.Document, gate.OfPath, gate.JSON, gate.Brief, documents.patchDocument, nil},
		{"DELETE", document, access.Document, gate.OfPath, gate.JSON, gate.Brief, documents.deleteDocument, nil},

		{"GET", "/domiciliary-units", access.DomiciliaryUnits, gate.Nobody, gate.JSON, gate.Flowing, units.list, unfiltered},
		{"GET", unit, access.DomiciliaryUnit, gate.Nobody, gate.JSON, gate.Brief, units.get, versionParameter},
		{"POST", unit, access.DomiciliaryUnit, gate.Nobody, gate.JSON, gate.Brief, units.post, nil},
		{"PATCH", unit, access.DomiciliaryUnit, gate.Nobody, gate.JSON, gate.Brief, units.patch, nil},
		{"DELETE", unit, access.DomiciliaryUnit, gate.Nobody, gate.JSON, gate.Brief, units.delete, nil},

		{"GET", "/institutions", access.Institutions, gate.Nobody, gate.JSON, gate.Flowing, institutions.list, unfiltered},
		{"GET", institution, access.Institution, gate.Nobody, gate.JSON, gate.Brief, institutions.get, versionParameter},
		{"POST", institution, access.Institution, gate.Nobody, gate.JSON, gate.Brief, institutions.post, nil},
		{"PATCH", institution, access.Institution, gate.Nobody, gate.JSON, gate.Brief, institutions.patch, nil},
		{"DELETE", institution, access.Institution, gate.Nobody, gate.JSON, gate.Brief, institutions.delete, nil},

		{"GET", "/password/{person}", access.Password, gate.OfPath, gate.HTML, gate.Brief, people.getPassword, nil},
		{"POST", "/password/{person}", access.Password, gate.OfPath, gate.HTML, gate.Brief, people.postPassword, nil},
	} {
		rows = append(rows, gate.Row(r))
	}
	return rows
}
