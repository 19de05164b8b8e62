// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// operation is what the document says of a row of the route table beside that row.
type operation struct {
	id      string // one of its own, which generators of clients make names of
	tag     string
	summary string
	about   string // more of it, in sentences
	headers []string
	body    body
	replies []reply    // which are no errors
	errors  []fed.Kind // beside those that any row has
}

// body is that of a request; the zero value is none.
type body struct {
	about   string
	content []content
	example string // for curl: its options
}

// reply is one with a status of its own.
type reply struct {
	status  int
	about   string
	headers []string
	content []content
}

// content is a body in one media type.
type content struct {
	mediaType string
	schema    Schema
	example   string // in JSON
}

// tags groups the operations, in the order of the page.
var tags = []struct{ name, about string }{
	{hubTag, "The hub itself."},
	{peopleTag, "Persons of the Person Master Index, who are accounts of the federation as well."},
	{booksTag, "The book of life of a person, and its pages."},
	{documentsTag, "Documents, which hang on pages of life."},
	{placesTag, "Domiciliary units and health institutions."},
	{changesTag, "What has changed, for those who follow."},
}

const (
	hubTag       = "Hub"
	peopleTag    = "People"
	booksTag     = "Books"
	documentsTag = "Documents"
	placesTag    = "Units and institutions"
	changesTag   = "Changes"
)

const (
	htmlType = "text/html"
	binary   = "application/octet-stream"
)

// inJSON is the content of a body in JSON.
func inJSON(s Schema, example string) []content {
	return []content{{gate.JSONType, s, example}}
}

var anHTMLPage = []content{{mediaType: htmlType, schema: Schema{Type: "string"}}}

// ok is a reply with a body in JSON.
func ok(about string, s Schema, example string, headers ...string) reply {
	return reply{status: http.StatusOK, about: about, headers: headers, content: inJSON(s, example)}
}

// listed is a reply with a collection.
func listed(about string, one Schema, example string) reply {
	return ok(about, listOf(one), example, linkHeader)
}

// of is a reply with one record.
func of(about string, s Schema, headers ...string) reply {
	return ok(about, s, "", append([]string{etagHeader}, headers...)...)
}

// created are the replies to a POST that makes a record, or finds the very same one.
func created(s Schema, headers ...string) []reply {
	headers = append([]string{etagHeader, locationHeader}, headers...)
	const hidden = " The body is {} for a caller who may not GET it."
	return []reply{
		{http.StatusCreated, "It was created." + hidden, headers, inJSON(s, "")},
		ok("The very same was there already: a replay does no harm."+hidden, s, "", headers...),
	}
}

// changed is the reply to a PATCH.
func changed(s Schema, headers ...string) []reply {
	return []reply{of("The record as it is now. The body is {} for a caller who may not GET it.", s, headers...)}
}

var (
	deleted   = []reply{{status: http.StatusNoContent, about: "It is gone."}}
	unchanged = reply{status: http.StatusNotModified, about: "The client has this version.", headers: []string{etagHeader}}
)

// The errors of the kinds of rows, beside those of any row.
var (
	readingOne   = []fed.Kind{fed.Malformed, fed.Stale}
	readingAt    = []fed.Kind{fed.Malformed, fed.Stale, fed.Invalid}
	creating     = []fed.Kind{fed.Malformed, fed.Gone, fed.Stale, fed.TooLarge, fed.Invalid}
	changing     = []fed.Kind{fed.Malformed, fed.Stale, fed.TooLarge, fed.Invalid}
	deletingLeaf = []fed.Kind{fed.Malformed, fed.Stale}
)

// and gives more kinds of errors.
func and(kinds []fed.Kind, more ...fed.Kind) []fed.Kind {
	return append(append([]fed.Kind{}, kinds...), more...)
}

// sends is the body of a record.
func sends(s Schema, example string) body {
	return body{about: "One object in UTF-8; its Content-Type does not matter.", content: inJSON(s, example), example: "-d '" + example + "'"}
}
