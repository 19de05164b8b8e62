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
	people := &people{past, o.Verifier, o.Passwords, o.SearchFields}
	books := &books{past}
	documents := newDocuments(o)
	units := &registry{past, o.Store.Registry(fed.Unit), fed.Unit, "domiciliary-units"}
	institutions := &registry{past, o.Store.Registry(fed.Institution), fed.Institution, "institutions"}
	for _, r := range []row{
		{"GET", "/", access.Public, gate.Nobody, gate.JSON, gate.Instant, public.getIndex},
		{"GET", "/health/live", access.Public, gate.Nobody, gate.JSON, gate.Instant, getLive},
		{"GET", "/health/ready", access.Public, gate.Nobody, gate.JSON, gate.Brief, public.getReady},
		{"GET", "/login", access.Login, gate.Nobody, gate.JSON, gate.Instant, getLogin},

		{"GET", "/people", access.People, gate.Nobody, gate.JSON, gate.Flowing, people.getPeople},
		{"GET", person, access.Person, gate.OfPath, gate.JSON, gate.Flowing, people.getPerson},
		{"POST", person, access.Person, gate.OfPath, gate.JSON, gate.Brief, people.postPerson},
		{"PATCH", person, access.Person, gate.OfPath, gate.JSON, gate.Brief, people.patchPerson},
		{"DELETE", person, access.Person, gate.OfPath, gate.JSON, gate.Brief, people.deletePerson},
		{"GET", person + "/history", access.History, gate.OfPath, gate.JSON, gate.Flowing, people.getPersonHistory},
		{"GET", person + "/matches", access.Matches, gate.OfPath, gate.JSON, gate.Brief, people.getMatches},
		{"GET", person + "/links", access.Links, gate.OfPath, gate.JSON, gate.Flowing, people.getLinks},
		{"POST", person + "/links", access.Links, gate.OfPath, gate.JSON, gate.Brief, people.postLink},
		{"DELETE", person + "/links/{other}", access.Links, gate.OfPath, gate.JSON, gate.Brief, people.deleteLink},

		{"GET", "/pols/{person}", access.Book, gate.OfPath, gate.JSON, gate.Flowing, books.getBook},
		{"GET", page, access.Page, gate.OfPath, gate.JSON, gate.Brief, books.getPage},
		{"POST", page, access.Page, gate.OfPath, gate.JSON, gate.Brief, books.postPage},
		{"PATCH", page, access.Page, gate.OfPath, gate.JSON, gate.Brief, books.patchPage},
		{"DELETE", page, access.Page, gate.OfPath, gate.JSON, gate.Brief, books.deletePage},
		{"GET", page + "/history", access.History, gate.OfPath, gate.JSON, gate.Flowing, books.getPageHistory},

		{"GET", "/personal_docs/{person}", access.PersonalDocs, gate.OfPath, gate.JSON, gate.Flowing, documents.getDocuments},
		{"GET", "/personal_docs/{person}/{page}", access.PolDocs, gate.OfPath, gate.JSON, gate.Flowing, documents.getDocuments},
		{"POST", "/personal_docs/{person}/{page}", access.PolDocs, gate.OfPath, gate.JSON, gate.Flowing, documents.postDocument},
		{"GET", document, access.Document, gate.OfPath, gate.JSON, gate.Flowing, documents.getDocument},
		{"PATCH", document, access.Document, gate.OfPath, gate.JSON, gate.Brief, documents.patchDocument},
		{"DELETE", document, access.Document, gate.OfPath, gate.JSON, gate.Brief, documents.deleteDocument},

		{"GET", "/domiciliary-units", access.DomiciliaryUnits, gate.Nobody, gate.JSON, gate.Flowing, units.list},
		{"GET", unit, access.DomiciliaryUnit, gate.Nobody, gate.JSON, gate.Brief, units.get},
		{"POST", unit, access.DomiciliaryUnit, gate.Nobody, gate.JSON, gate.Brief, units.post},
		{"PATCH", unit, access.DomiciliaryUnit, gate.Nobody, gate.JSON, gate.Brief, units.patch},
		{"DELETE", unit, access.DomiciliaryUnit, gate.Nobody, gate.JSON, gate.Brief, units.delete},

		{"GET", "/institutions", access.Institutions, gate.Nobody, gate.JSON, gate.Flowing, institutions.list},
		{"GET", institution, access.Institution, gate.Nobody, gate.JSON, gate.Brief, institutions.get},
		{"POST", institution, access.Institution, gate.Nobody, gate.JSON, gate.Brief, institutions.post},
		{"PATCH", institution, access.Institution, gate.Nobody, gate.JSON, gate.Brief, institutions.patch},
		{"DELETE", institution, access.Institution, gate.Nobody, gate.JSON, gate.Brief, institutions.delete},

		{"GET", "/password/{person}", access.Password, gate.OfPath, gate.HTML, gate.Brief, people.getPassword},
		{"POST", "/password/{person}", access.Password, gate.OfPath, gate.HTML, gate.Brief, people.postPassword},
	} {
		rows = append(rows, gate.Row(r))
	}
	return rows
}
