// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"maps"
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// operations are those of the rows of the route table, by method and pattern.
var operations = func() map[string]operation {
	all := map[string]operation{}
	for _, some := range []map[string]operation{
		hubOperations, peopleOperations, linkOperations, consentOperations, bookOperations, documentOperations, feedOperations,
		placeOperations("/domiciliary-units", unit, "domiciliary unit", "Unit", "unit", `{"address": "Calle Real 7"}`),
		placeOperations("/institutions", institution, "institution", "Institution", "institution", `{"name": "GNU Solidario Hospital"}`),
	} {
		maps.Copy(all, some)
	}
	return all
}()

var hubOperations = map[string]operation{
	"GET /": {
		id: "getIndex", tag: hubTag, summary: "A page for people with a browser",
		about: "With `account` it leads to the form for the password of that account.",
		replies: []reply{
			{status: http.StatusOK, about: "The page.", content: anHTMLPage},
			{status: http.StatusSeeOther, about: "To the form.", headers: []string{locationHeader}},
		},
	},
	"GET /openapi.json": {
		id: "getDescription", tag: hubTag, summary: "This document",
		replies: []reply{
			{status: http.StatusOK, about: "OpenAPI 3.1.", content: inJSON(Schema{Type: "object", Open: true}, "")},
			{status: http.StatusNotModified, about: "The client has this one."},
		},
	},
	"GET /health/live": {
		id: "getLive", tag: hubTag, summary: "Whether the program runs",
		replies: []reply{ok("It does.", health("live"), `{"status": "live"}`)},
	},
	"GET /health/ready": {
		id: "getReady", tag: hubTag, summary: "Whether the hub wants requests and its database answers",
		about:   "503 says that it does not.",
		replies: []reply{ok("It does.", health("ready"), `{"status": "ready"}`)},
	},
	"GET /login": {
		id: "getLogin", tag: hubTag, summary: "Whether account and password are right",
		replies: []reply{ok("They are.", Schema{Type: "boolean"}, "true")},
	},
	"GET /statistics": {
		id: "getStatistics", tag: hubTag, summary: "How many persons or pages there are",
		about: "Counts about fewer than eight persons are null, others are rounded to five. They are as old as `counted` says. " +
			"More than 10,000 counts are refused (422), and before the first count the answer is 503.",
		replies: []reply{ok("The counts, by month if nothing else is asked for.", statistics,
			`{"counted": "2026-06-03T10:12:44.120000Z", "subject": "page", "counts": [{"institution": "CANARIAS-LAB", "kind": "lab", "count": 1280}]}`)},
		errors: []fed.Kind{fed.Invalid},
	},
	"GET /password/{person}": {
		id: "getPasswordForm", tag: hubTag, summary: "A form to change the password",
		replies: []reply{{status: http.StatusOK, about: "The form.", content: anHTMLPage}},
	},
	"POST /password/{person}": {
		id: "postPasswordForm", tag: hubTag, summary: "Changes a password by the form",
		about: "Programs send a PATCH of the person.",
		body: body{
			about:   "The new password, twice.",
			content: []content{{mediaType: "application/x-www-form-urlencoded", schema: passwordForm}},
			example: "-d 'password=a better password' -d 'pconfirm=a better password'",
		},
		replies: []reply{{status: http.StatusSeeOther, about: "It was changed.", headers: []string{locationHeader}}},
		errors:  []fed.Kind{fed.NotFound, fed.TooLarge, fed.Invalid},
	},
}

var passwordForm = Schema{Type: "object", Fields: []Field{always("password", text("")), always("pconfirm", text("The same again."))}}

// placeOperations are those of the records that are about nobody.
func placeOperations(collection string, s Schema, noun, id, parameter, example string) map[string]operation {
	one := collection + "/{" + parameter + "}"
	return map[string]operation{
		"GET " + collection: {
			id: "list" + id + "s", tag: placesTag, summary: "All " + noun + "s",
			replies: []reply{listed("All, or a page of them.", s, "")},
		},
		"GET " + one: {
			id: "get" + id, tag: placesTag, summary: "One " + noun, headers: []string{ifMatch, ifNoneMatch},
			replies: []reply{of("The record.", s), unchanged}, errors: readingAt,
		},
		"POST " + one: {
			id: "create" + id, tag: placesTag, summary: "Creates one", headers: []string{ifNoneMatch, override},
			body: sends(recordSent, example), replies: created(s), errors: and(creating, fed.Conflict),
		},
		"PATCH " + one: {
			id: "change" + id, tag: placesTag, summary: "Replaces top-level keys", headers: []string{ifMatch},
			body: sends(recordSent, example), replies: changed(s), errors: changing,
		},
		"DELETE " + one: {
			id: "delete" + id, tag: placesTag, summary: "Deletes it", headers: []string{ifMatch},
			replies: deleted, errors: deletingLeaf,
		},
	}
}

var feedOperations = map[string]operation{
	"GET /changes": {
		id: "listChanges", tag: changesTag, summary: "What has changed since a cursor",
		about: "Without `since` it begins with every record that there is. 410 says that the cursor can no longer be honoured: begin again without one. " +
			"With `Accept: text/event-stream` the changes come as server-sent events, each with its cursor as `id` and a Change as `data`.",
		headers: []string{lastEvent},
		replies: []reply{{status: http.StatusOK, about: "The next changes, or a stream of them.", content: []content{
			{mediaType: gate.JSONType, schema: changesPage},
			{mediaType: "text/event-stream", schema: Schema{Type: "string"}},
		}}},
		errors: []fed.Kind{fed.Gone},
	},
}
