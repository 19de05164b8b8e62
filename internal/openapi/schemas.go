// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// components are the schemas that have a name, in the order of the page.
var components = []Schema{
	person, personSent, page, pageSent, document, documentData, unit, institution, recordSent, documentEntry,
	scoredPerson, match, link, linkSent, statement, statementSent, emergency, emergencySent, findingSent, accessEntry, historyEntry, changesPage, change,
}

var cursor = Schema{Type: "string", Pattern: `^[A-Za-z0-9_-]{1,128}$`, About: "A place in the feed.", Example: `"AQAAAAAAAAAAKhpMfRE"`}

var changesPage = Schema{
	Name: "ChangesPage", Type: "object", About: "Changes in the order in which they were committed.",
	Fields: []Field{
		always("changes", Schema{Type: "array", Items: &change}),
		always("more", boolean("Whether there is something behind `next` already, so that a client asks again at once. A page of a filter may be empty all the same.")),
		always("next", cursor),
	},
}

var change = Schema{
	Name: "Change", Type: "object", About: "A change of a record. Apply it only if its version is greater than the one you have.",
	Fields: append([]Field{always("cursor", cursor)}, changeFields(
		[]string{"create", "update", "delete"},
		"The record after the change; null if there was none, or it is not to be seen. Absent with `data=none`.")...),
}

var historyEntry = Schema{
	Name: "HistoryEntry", Type: "object", About: "A change of one record, as its history tells it.",
	Fields: changeFields(
		[]string{"create", "update", "delete", "password", "upgrade"},
		"The record after the change; null if there was none, if it is not to be seen, or if only the password changed."),
}

func changeFields(operations []string, data string) []Field {
	var resources []string
	for _, info := range fed.Resources() {
		resources = append(resources, string(info.Resource))
	}
	resources = append(resources, string(fed.Emergency))
	return []Field{
		always("resource", Schema{Type: "string", Values: resources, About: "What kind of record it is."}),
		always("id", text("Its id.")),
		always("person", nullable(text("Whom it is about; null if it is about nobody."))),
		always("version", number("The version that the change made; what comes later has a greater one.")),
		always("operation", Schema{Type: "string", Values: operations}),
		always("time", moment("When, in UTC.")),
		always("account", nullable(text("The account that asked a hub for it; null if it was done without one."))),
		always("node", nullable(text("Where it was made, as the record says itself."))),
		maybe("data", Schema{About: data}),
	}
}

var scoredPerson = Schema{
	Name: "ScoredPerson", Type: "object", About: "A person that a search with `score=1` has found.",
	Fields: []Field{
		always("score", Schema{Type: "number", About: "How well the person fits, from 0 to 1."}),
		always("person", person),
	},
}

var match = Schema{
	Name: "Match", Type: "object", About: "Somebody who is probably the same person.",
	Fields: []Field{
		always("person", text("The other one's id.")),
		always("score", Schema{Type: "number", About: "The probability that both are one person, from 0.5 on.", Example: "0.9731"}),
		always("parts", Schema{Type: "object", About: "How far each thing agrees, from 0 to 1; null where one of the two does not say.", Fields: []Field{
			always("names", degree), always("birth", degree), always("gender", degree), always("household", degree),
		}}),
	},
}

var degree = Schema{Type: "number", Null: true}

var link = Schema{
	Name: "Link", Type: "object", About: "That two persons are the same, or are not. It is `{}` in the reply to a POST of an account that may not GET links.",
	Fields: []Field{
		always("person", text("The other one's id.")),
		always("same", boolean("Whether both are one person.")),
		always("direct", boolean("Whether somebody said so; false if it follows from other links.")),
		always("time", nullable(moment("When it was said."))),
		always("account", nullable(text("By whom."))),
	},
}

var linkSent = Schema{
	Name: "LinkSent", Type: "object", About: "What is said of two persons.",
	Fields: []Field{
		always("person", text("The other one's id.")),
		always("same", boolean("true: they are one person; false: they are not, and the pair is never offered again.")),
	},
}

var accessEntry = Schema{
	Name: "AccessEntry", Type: "object", About: "Somebody has read about a person, or was refused.",
	Fields: []Field{
		always("time", moment("When, in UTC.")),
		always("account", text("Who asked.")),
		always("name", nullable(text("The name of that account as it is now."))),
		always("roles", Schema{Type: "array", Items: &Schema{Type: "string"}, About: "The roles that allowed it; of a refusal, all that the account had."}),
		always("method", text("Of the request.")),
		always("endpoint", text("As in roles.cfg.")),
		always("page", nullable(text("The page that was asked for."))),
		always("document", nullable(text("The document that was asked for."))),
		always("way", Schema{
			Type: "string", Values: []string{string(fed.AccessAsked), string(fed.AccessListed), string(fed.AccessAll)},
			About: "How the person was seen: asked for, listed among others, or by a reader of everybody.",
		}),
		always("status", number("Of the reply.")),
		always("own", boolean("Whether it was the person's own account.")),
		maybe("person", nullable(text("Whose links or matches the list was of; auditors are told."))),
		maybe("request", nullable(text("The id of the request; auditors are told."))),
		maybe("address", nullable(text("From where; auditors are told."))),
		maybe("purpose", text("Why, as Purpose-Of-Use of the request said; ETREAT in an emergency.")),
		maybe("emergency", text("The emergency in which the account had opened the book.")),
	},
}

var documentEntry = Schema{
	Name: "DocumentEntry", Type: "array", About: "A document in a list.",
	Tuple: []Schema{
		text("`fedacct`: whose it is."),
		nullable(text("`pol`: the page of life that it hangs on.")),
		documentData,
		nullable(text("The path of the bytes, or null if there are none.")),
	},
}

// failure is the body of an error of this kind.
func failure(kind fed.Kind) Schema {
	return Schema{Type: "object", Fields: []Field{
		always("error", text("A sentence for people. It may change.")),
		always("code", Schema{Type: "string", Values: []string{gate.FailureOf(kind).Code}, About: "A word for programs. It stays."}),
		always("request", text("The request's id, as in X-Request-Id; the hub's log has it.")),
	}}
}

// statistics is the body of a reply with counts.
var statistics = Schema{Type: "object", Fields: []Field{
	always("counted", moment("When the counts were made.")),
	always("subject", Schema{Type: "string", Values: []string{"person", "page"}}),
	always("counts", Schema{Type: "array", Items: &Schema{Type: "object", Fields: []Field{
		maybe("institution", nullable(text("The node that wrote the record; null: none that is registered here."))),
		maybe("month", nullable(text("Of the page, or of the person's registration; null: not known."))),
		maybe("kind", text("Of pages their context or domain; of persons active, closed or no_account.")),
		always("count", nullable(number("null: about too few persons."))),
	}}}),
}}

// health is the body of a health check.
func health(status string) Schema {
	return Schema{Type: "object", Fields: []Field{
		always("status", Schema{Type: "string", Values: []string{status}}),
		maybe("writes", boolean("false while the database can only be read.")),
		maybe("replicas", boolean("false while no replica of the database is read, though some are configured.")),
	}}
}
