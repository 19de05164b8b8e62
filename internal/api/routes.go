// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// rows is the route table of the JSON resources, and of the form for a password. HEAD
// needs no row: it is GET without the body. OPTIONS is answered for every pattern.
func rows(o Options) []Row {
	const person, page, document = "/people/{person}", "/pols/{person}/{page}", "/personal_docs/{person}/{page}/{document}"
	const unit, institution = "/domiciliary-units/{unit}", "/institutions/{institution}"
	past := history{o.Store}
	public := &public{o.Store, o.Version}
	people := &people{past, o.Verifier, o.Passwords, o.SearchFields}
	books := &books{past}
	documents := newDocuments(o)
	units := &registry{past, o.Store.Registry(fed.Unit), fed.Unit, "domiciliary-units"}
	institutions := &registry{past, o.Store.Registry(fed.Institution), fed.Institution, "institutions"}
	return []Row{
		{"GET", "/", access.Public, Nobody, JSON, Instant, public.getIndex},
		{"GET", "/health/live", access.Public, Nobody, JSON, Instant, getLive},
		{"GET", "/health/ready", access.Public, Nobody, JSON, Brief, public.getReady},
		{"GET", "/login", access.Login, Nobody, JSON, Instant, getLogin},

		{"GET", "/people", access.People, Nobody, JSON, Flowing, people.getPeople},
		{"GET", person, access.Person, OfPath, JSON, Flowing, people.getPerson},
		{"POST", person, access.Person, OfPath, JSON, Brief, people.postPerson},
		{"PATCH", person, access.Person, OfPath, JSON, Brief, people.patchPerson},
		{"DELETE", person, access.Person, OfPath, JSON, Brief, people.deletePerson},
		{"GET", person + "/history", access.History, OfPath, JSON, Flowing, people.getPersonHistory},
		{"GET", person + "/matches", access.Matches, OfPath, JSON, Brief, people.getMatches},
		{"GET", person + "/links", access.Links, OfPath, JSON, Flowing, people.getLinks},
		{"POST", person + "/links", access.Links, OfPath, JSON, Brief, people.postLink},
		{"DELETE", person + "/links/{other}", access.Links, OfPath, JSON, Brief, people.deleteLink},

		{"GET", "/pols/{person}", access.Book, OfPath, JSON, Flowing, books.getBook},
		{"GET", page, access.Page, OfPath, JSON, Brief, books.getPage},
		{"POST", page, access.Page, OfPath, JSON, Brief, books.postPage},
		{"PATCH", page, access.Page, OfPath, JSON, Brief, books.patchPage},
		{"DELETE", page, access.Page, OfPath, JSON, Brief, books.deletePage},
		{"GET", page + "/history", access.History, OfPath, JSON, Flowing, books.getPageHistory},

		{"GET", "/personal_docs/{person}", access.PersonalDocs, OfPath, JSON, Flowing, documents.getDocuments},
		{"GET", "/personal_docs/{person}/{page}", access.PolDocs, OfPath, JSON, Flowing, documents.getDocuments},
		{"POST", "/personal_docs/{person}/{page}", access.PolDocs, OfPath, JSON, Flowing, documents.postDocument},
		{"GET", document, access.Document, OfPath, JSON, Flowing, documents.getDocument},
		{"PATCH", document, access.Document, OfPath, JSON, Brief, documents.patchDocument},
		{"DELETE", document, access.Document, OfPath, JSON, Brief, documents.deleteDocument},

		{"GET", "/domiciliary-units", access.DomiciliaryUnits, Nobody, JSON, Flowing, units.list},
		{"GET", unit, access.DomiciliaryUnit, Nobody, JSON, Brief, units.get},
		{"POST", unit, access.DomiciliaryUnit, Nobody, JSON, Brief, units.post},
		{"PATCH", unit, access.DomiciliaryUnit, Nobody, JSON, Brief, units.patch},
		{"DELETE", unit, access.DomiciliaryUnit, Nobody, JSON, Brief, units.delete},

		{"GET", "/institutions", access.Institutions, Nobody, JSON, Flowing, institutions.list},
		{"GET", institution, access.Institution, Nobody, JSON, Brief, institutions.get},
		{"POST", institution, access.Institution, Nobody, JSON, Brief, institutions.post},
		{"PATCH", institution, access.Institution, Nobody, JSON, Brief, institutions.patch},
		{"DELETE", institution, access.Institution, Nobody, JSON, Brief, institutions.delete},

		{"GET", "/password/{person}", access.Password, OfPath, HTML, Brief, people.getPassword},
		{"POST", "/password/{person}", access.Password, OfPath, HTML, Brief, people.postPassword},
	}
}
