// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"net/http"

	"thalamus/internal/fed"
)

var consentOperations = map[string]operation{
	"GET /people/{person}/consents": {
		id: "listConsents", tag: peopleTag, summary: "What was said about who may read the person's book, the earliest first",
		replies: []reply{listed("The statements, with those that were taken back.", statement, "")},
	},
	"POST /people/{person}/consents": {
		id: "createConsent", tag: peopleTag, summary: "Says who may read the book, or may not", headers: []string{override},
		about: "What is withheld from an account is for it as if it were not there. The author of a page, and the institution that wrote it, go on reading it. " +
			"Who acts for the person says a registrar, with the grant `proxies`. The same as a statement in force is a replay.",
		body: sends(statementSent, `{"scope": "domain:medical", "who": "institution:GNUHOSP", "effect": "deny", "until": null}`),
		replies: []reply{
			{http.StatusCreated, "It is said.", []string{locationHeader}, inJSON(statementReply, "")},
			ok("It was said before.", statementReply, "", locationHeader),
		},
		errors: []fed.Kind{fed.Malformed, fed.NotFound, fed.TooLarge, fed.Invalid},
	},
	"DELETE /people/{person}/consents/{consent}": {
		id: "deleteConsent", tag: peopleTag, summary: "Takes a statement back",
		about:   "It stays in the list, with its end. One that says who acts for the person takes the grant `proxies`.",
		replies: deleted, errors: []fed.Kind{fed.NotFound},
	},
	"POST /people/{person}/emergency": {
		id: "openEmergency", tag: peopleTag, summary: "Opens the book to the caller in an emergency", headers: []string{override},
		about: "For half an hour this account reads the book as if nothing were withheld, with any program. The person sees who it was, and why.",
		body:  sends(emergencySent, `{"purpose": "ETREAT", "reason": "unconscious after an accident"}`),
		replies: []reply{
			{http.StatusCreated, "It is open.", nil, inJSON(emergency, "")},
			ok("It was open already.", emergency, ""),
		},
		errors: []fed.Kind{fed.Malformed, fed.NotFound, fed.TooLarge, fed.Invalid},
	},
	"GET /emergencies": {
		id: "listEmergencies", tag: peopleTag, summary: "Which books were opened in an emergency, the earliest first",
		about:   "A role without global reach is told of the account's own book, and of those for whom the account acts.",
		replies: []reply{listed("The openings.", emergency, "")},
	},
	"PATCH /emergencies/{emergency}": {
		id: "reviewEmergency", tag: peopleTag, summary: "Closes the case of an opening with what was found",
		body:    sends(findingSent, `{"finding": "The patient was in the emergency room."}`),
		replies: []reply{ok("It is closed.", Schema{AnyOf: []Schema{emergency, {Type: "object", Empty: true}}}, "")},
		errors:  []fed.Kind{fed.Malformed, fed.NotFound, fed.TooLarge, fed.Invalid},
	},
}

// statementReply is empty for a caller who may not GET statements.
var statementReply = Schema{AnyOf: []Schema{statement, {Type: "object", Empty: true}}}

var (
	scope  = text("What of the book: `*`, `page:` and an id, `domain:` or `type:` and what pages have there. `page` alone is a page that is withheld from the reader.")
	who    = text("Who: `*`, `account:` or `institution:` and an id.")
	effect = Schema{Type: "string", Values: []string{"deny", "permit", "act"}, About: "Whether they may not read it, or may; or who acts for the person, and reads as that person."}
	until  = nullable(moment("Until when; null: until it is taken back."))
)

var statement = Schema{
	Name: "Statement", Type: "object", About: "Who may read a book, or may not.",
	Fields: []Field{
		always("id", text("Its id.")), always("person", text("Whose book it is about.")),
		always("scope", scope), always("who", who), always("effect", effect), always("until", until),
		always("account", nullable(text("Who said so."))), always("time", moment("When, in UTC.")),
		always("ended", nullable(moment("When it was taken back."))), always("ended_by", nullable(text("By whom."))),
	},
}

var statementSent = Schema{
	Name: "StatementSent", Type: "object", About: "Who may read the book, or may not. An id alone is that of a page, or of whom it names.",
	Fields: []Field{always("scope", scope), always("who", who), always("effect", effect), maybe("until", until)},
}

var emergency = Schema{
	Name: "Emergency", Type: "object", About: "A book that was opened, whatever was withheld.",
	Fields: []Field{
		always("id", text("Its id.")), always("person", text("Whose book it is.")), always("account", text("Who opened it.")),
		always("purpose", purpose), always("reason", text("Why, as the account said it.")),
		always("time", moment("When, in UTC.")), always("until", moment("Until when it is open.")),
		always("reviewed", nullable(moment("When the case was closed."))),
		always("reviewer", nullable(text("By whom."))), always("finding", nullable(text("With what was found."))),
	},
}

var purpose = Schema{Type: "string", Values: []string{"ETREAT"}, About: "HL7's word for treatment in an emergency."}

var emergencySent = Schema{
	Name: "EmergencySent", Type: "object", About: "Why a book has to be opened.",
	Fields: []Field{always("purpose", purpose), always("reason", text("10 to 500 characters, which the person reads."))},
}

var findingSent = Schema{
	Name: "FindingSent", Type: "object", About: "What the privacy officer found.",
	Fields: []Field{always("finding", text("1 to 500 characters."))},
}
