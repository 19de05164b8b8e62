// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

import (
	"net/http"

	"thalamus/internal/fed"
)

const pageExample = `{"id": "5f0c6a52-6b0e-4f0a-9c6e-0d5b0a3c1e77", "page_date": "2026-05-31 08:00:00", "domain": "medical", ` +
	`"context": "monitoring", "measurements": [{"bp": {"systolic": 121, "diastolic": 77}}]}`

var bookOperations = map[string]operation{
	"GET /pols/{person}": {
		id: "getBook", tag: booksTag, summary: "The book of life, or a part of it",
		about: "By `page_date`, then id, if any parameter is given. It is empty for a person who is not there. " +
			"`linked=1` reads the books of all who are the same person, for callers who may read everybody's.",
		replies: []reply{listed("Its pages.", page, "")},
	},
	"GET /pols/{person}/{page}": {
		id: "getPage", tag: booksTag, summary: "One page of life", headers: []string{ifMatch, ifNoneMatch},
		replies: []reply{of("The record.", page), unchanged}, errors: readingAt,
	},
	"POST /pols/{person}/{page}": {
		id: "createPage", tag: booksTag, summary: "Creates a page of life", headers: []string{ifNoneMatch, override},
		about: "Whose page it is says the path alone. The id exists with other content, or in another book: 409.",
		body:  sends(pageSent, pageExample), replies: created(page), errors: and(creating, fed.NotFound, fed.Conflict),
	},
	"PATCH /pols/{person}/{page}": {
		id: "changePage", tag: booksTag, summary: "Replaces top-level keys of a page", headers: []string{ifMatch},
		body: sends(recordSent, `{"summary": "Home monitoring, corrected"}`), replies: changed(page), errors: changing,
	},
	"DELETE /pols/{person}/{page}": {
		id: "deletePage", tag: booksTag, summary: "Deletes a page", headers: []string{ifMatch},
		about:   "It wants no documents on it (409).",
		replies: deleted, errors: and(deletingLeaf, fed.Conflict),
	},
	"GET /pols/{person}/{page}/history": {
		id: "listPageHistory", tag: booksTag, summary: "Every change of the page, the newest first",
		replies: []reply{listed("The changes.", historyEntry, "")},
	},
}

var documentOperations = map[string]operation{
	"GET /personal_docs/{person}": {
		id: "listDocuments", tag: documentsTag, summary: "A person's documents",
		replies: []reply{documentList},
	},
	"GET /personal_docs/{person}/{page}": {
		id: "listPageDocuments", tag: documentsTag, summary: "The documents of one page",
		replies: []reply{documentList},
	},
	"POST /personal_docs/{person}/{page}": {
		id: "createDocument", tag: documentsTag, summary: "Adds a document to a page", headers: []string{disposition, override},
		about:   "The same bytes with the same id, or without an id on the same page, are a replay. Same id, other content: 409.",
		body:    documentBody,
		replies: created(document), errors: and(creating, fed.NotFound, fed.Conflict),
	},
	"GET /personal_docs/{person}/{page}/{document}": {
		id: "getDocument", tag: documentsTag, summary: "The bytes of a document", headers: []string{ifMatch, ifNoneMatch, asRange},
		replies: []reply{
			{http.StatusOK, "All of it.", []string{etagHeader, dispositionHeader, digestHeader}, bytesOfDocument()},
			{http.StatusPartialContent, "A part of it, or several.", []string{etagHeader, dispositionHeader, digestHeader, rangeHeader}, append(bytesOfDocument(), bytesIn("multipart/byteranges"))},
			unchanged,
		},
		errors: and(readingOne, fed.BadRange),
	},
	"PATCH /personal_docs/{person}/{page}/{document}": {
		id: "changeDocument", tag: documentsTag, summary: "Changes what is said about a document", headers: []string{ifMatch},
		about: "Its bytes, `id`, `fedacct`, `pol` and `hash` stay.",
		body:  sends(recordSent, `{"type": "report"}`), replies: changed(document), errors: changing,
	},
	"DELETE /personal_docs/{person}/{page}/{document}": {
		id: "deleteDocument", tag: documentsTag, summary: "Deletes a document", headers: []string{ifMatch},
		replies: deleted, errors: deletingLeaf,
	},
}

var documentList = ok("[[fedacct, pol, data, document], ...].", Schema{Type: "array", Items: &documentEntry},
	`[["ESPGNU777ORG", "5f0c6a52", {"id": "report-may", "type": "note"}, "/personal_docs/ESPGNU777ORG/5f0c6a52/report-may"]]`, linkHeader)

var documentBody = body{
	about: "The document as it is, with its Content-Type, or a form with the parts document and data.",
	content: []content{
		{mediaType: "*/*", schema: Schema{}},
		{mediaType: "multipart/form-data", schema: Schema{Type: "object", Fields: []Field{
			always("document", Schema{About: "The bytes, with their Content-Type and file name."}),
			maybe("data", documentData),
		}}},
	},
	example: `-F document=@report.pdf -F 'data={"id": "report-may", "type": "note"}'`,
}

// bytesOfDocument is the content of a document: pictures and PDF keep their type.
func bytesOfDocument() (all []content) {
	for _, mediaType := range []string{binary, "application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"} {
		all = append(all, bytesIn(mediaType))
	}
	return all
}

func bytesIn(mediaType string) content { return content{mediaType: mediaType} }
