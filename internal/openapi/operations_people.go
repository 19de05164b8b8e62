// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"net/http"

	"thalamus/internal/fed"
)

const personExample = `{"name": "Ana", "lastname": "Betz", "gender": "f", "dob": "1985-10-04"}`

var peopleOperations = map[string]operation{
	"GET /people": {
		id: "listPeople", tag: peopleTag, summary: "All persons, or those that a search finds",
		about: "Without any parameter all of them stream, in no order. With `q` the best come first. With `score=1` each is a ScoredPerson.",
		replies: []reply{listed("The persons.", Schema{AnyOf: []Schema{person, scoredPerson}},
			`[[{"id": "ESPGNU777ORG", "name": "Ana", "lastname": "Betz", "gender": "f", "dob": "1985-10-04"}]]`)},
	},
	"GET /people/{person}": {
		id: "getPerson", tag: peopleTag, summary: "One person", headers: []string{ifMatch, ifNoneMatch},
		about:   "An id that nobody has is looked up in upper case. `version` gives the record as it was, and needs the endpoint `history`, too.",
		replies: []reply{of("The record.", person, linkHeader), unchanged}, errors: readingAt,
	},
	"POST /people/{person}": {
		id: "createPerson", tag: peopleTag, summary: "Creates a person", headers: []string{ifNoneMatch, override},
		about: "The id is stored in upper case. Other roles than `end_user` need a grant.",
		body:  sends(personSent, personExample), replies: created(person, warningHeader), errors: creating,
	},
	"PATCH /people/{person}": {
		id: "changePerson", tag: peopleTag, summary: "Replaces top-level keys of a person", headers: []string{ifMatch},
		about: "`roles`, `active` and `password` need a grant. 409 keeps the last administrator.",
		body:  sends(personSent, `{"profession": "nurse"}`), replies: changed(person, warningHeader), errors: and(changing, fed.Conflict),
	},
	"DELETE /people/{person}": {
		id: "deletePerson", tag: peopleTag, summary: "Deletes a person", headers: []string{ifMatch},
		about:   `It wants "active": false before, and no pages or documents (409).`,
		replies: deleted, errors: and(deletingLeaf, fed.Invalid, fed.Conflict),
	},
	"GET /people/{person}/history": {
		id: "listPersonHistory", tag: peopleTag, summary: "Every change of the person, the newest first",
		replies: []reply{listed("The changes.", historyEntry, "")},
	},
	"GET /people/{person}/access": {
		id: "listAccess", tag: peopleTag, summary: "Who has read about the person, the newest first",
		replies: []reply{listed("The accesses.", accessEntry, "")},
	},
	"GET /people/{person}/matches": {
		id: "listMatches", tag: peopleTag, summary: "Who is probably the same person, the most probable first",
		about:   "There is no next page: `limit` is how many of the best are given, 20 unless it is said.",
		replies: []reply{listed("The other persons.", match, "")},
	},
}

var linkOperations = map[string]operation{
	"GET /people/{person}/links": {
		id: "listLinks", tag: peopleTag, summary: "Who is the same person, or is not",
		replies: []reply{listed("What was said, and what follows from it.", link, "")},
	},
	"POST /people/{person}/links": {
		id: "createLink", tag: peopleTag, summary: "Says that two persons are the same, or are not", headers: []string{override},
		about: "A contradiction, also of what follows from other links, is 409. A link has no version.",
		body:  sends(linkSent, `{"person": "ESPGRA118SAN", "same": true}`),
		replies: []reply{
			{http.StatusCreated, "It is said.", nil, inJSON(linkReply, "")},
			ok("It was said before.", linkReply, ""),
		},
		errors: []fed.Kind{fed.Malformed, fed.NotFound, fed.Conflict, fed.TooLarge, fed.Invalid},
	},
	"DELETE /people/{person}/links/{other}": {
		id: "deleteLink", tag: peopleTag, summary: "Takes back what was said of the two",
		replies: deleted, errors: []fed.Kind{fed.Conflict},
	},
}

// linkReply is empty for a caller who may not GET links.
var linkReply = Schema{AnyOf: []Schema{link, {Type: "object", Empty: true}}}
