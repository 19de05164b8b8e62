// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"slices"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

func writeSchemas() (all object) {
	for _, s := range components {
		all = append(all, member{s.Name, s.written()})
	}
	return all
}

func writeHeaders() (all object) {
	for _, h := range replyHeaders {
		all = append(all, member{h.name, object{{"description", h.about}, {"required", !h.optional}, {"schema", h.schema}}})
	}
	return all
}

// headersOf refers to headers.
func headersOf(names []string) (all object) {
	for _, name := range names {
		all = append(all, member{name, object{{"$ref", "#/components/headers/" + name}}})
	}
	return all
}

// writeError gives an error of a row with this face.
func writeError(face gate.Face, kind fed.Kind) any {
	if face == gate.HTML {
		return errorReply(kind, anHTMLPage)
	}
	return object{{"$ref", "#/components/responses/" + gate.FailureOf(kind).Code}}
}

// writeErrors gives the errors that an operation refers to. That of a GET may be a page.
func writeErrors(rows []gate.Row) (all object) {
	used := map[fed.Kind]bool{}
	for _, row := range rows {
		for _, kind := range errorsOf(row, operations[nameOf(row)]) {
			used[kind] = true
		}
	}

	for _, kind := range fed.Kinds() {
		if used[kind] {
			all = append(all, member{gate.FailureOf(kind).Code, errorReply(kind, append(inJSON(failure(kind), ""), anHTMLPage...))})
		}
	}
	return all
}

func errorReply(kind fed.Kind, body []content) object {
	return object{
		{"description", meanings[kind]}, {"headers", headersOf(append(slices.Clip(errorHeaders[kind]), requestHeader))}, {"content", writeContent(body)},
	}
}

// meanings says what kinds of failure there are.
var meanings = map[fed.Kind]string{
	fed.Internal:        "A fault of the hub; its log has the cause under the request's id.",
	fed.Malformed:       "It cannot be read: no JSON, or a header that is not understood.",
	fed.Unauthenticated: "Who are you? No credentials, or none that are right.",
	fed.Forbidden:       "You may not; the sentence names the grant that is missing.",
	fed.NotFound:        "It is not there.",
	fed.BadMethod:       "The path has other methods.",
	fed.Conflict:        "It contradicts what is stored.",
	fed.Gone:            "It was there.",
	fed.Stale:           "The record has another version; ETag says which, if there is one.",
	fed.TooLarge:        "The body is over a limit of the hub.",
	fed.Unsupported:     "The body has a Content-Encoding.",
	fed.BadRange:        "The range is outside of the document.",
	fed.Invalid:         "It can be read, but is against a rule.",
	fed.TooMany:         "Too many failed logins, or too much written within an hour.",
	fed.Unavailable:     "Not now; try again.",
}

var errorHeaders = map[fed.Kind][]string{
	fed.Unauthenticated: {challengeHeader},
	fed.BadMethod:       {allowHeader},
	fed.BadRange:        {rangeHeader},
	fed.TooMany:         {retryHeader},
	fed.Unavailable:     {retryHeader},
}
