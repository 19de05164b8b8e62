// SPDX-License-Identifier: GPL-3.0-or-later

package openapi

// header is one of a reply or of a request.
type header struct {
	about    string
	schema   Schema
	optional bool // in a reply
}

const (
	allowHeader       = "Allow"
	challengeHeader   = "WWW-Authenticate"
	digestHeader      = "Repr-Digest"
	dispositionHeader = "Content-Disposition"
	etagHeader        = "ETag"
	linkHeader        = "Link"
	locationHeader    = "Location"
	rangeHeader       = "Content-Range"
	requestHeader     = "X-Request-Id"
	retryHeader       = "Retry-After"
	warningHeader     = "Warning"
)

// replyHeaders are those of replies of operations, in the order of their names.
var replyHeaders = []struct {
	name string
	header
}{
	{dispositionHeader, header{about: "The document's file name.", schema: Schema{Type: "string"}}},
	{rangeHeader, header{about: "Which part of the document it is.", schema: Schema{Type: "string"}, optional: true}},
	{etagHeader, header{about: "The record's version, which grows by one with each change.", schema: Schema{Type: "string", Pattern: `^"[0-9]+"$`}}},
	{linkHeader, header{
		about:  `Where the list goes on (rel="next"), or who is the same person (rel="related").`,
		schema: Schema{Type: "string", Pattern: `^<[^<>]+>; rel="(next|related)"(, <[^<>]+>; rel="related")*$`}, optional: true,
	}},
	{locationHeader, header{about: "The path of the record, or of the page to go on with.", schema: Schema{Type: "string", Pattern: "^/"}}},
	{digestHeader, header{about: "SHA-512 of the whole document.", schema: Schema{Type: "string", Pattern: "^sha-512=:[A-Za-z0-9+/]+=*:$"}}},
	{retryHeader, header{about: "Seconds, after which trying again may help.", schema: Schema{Type: "integer"}}},
	{warningHeader, header{about: "Roles were given that the hub does not have.", schema: Schema{Type: "string"}, optional: true}},
	{challengeHeader, header{about: "The challenge of HTTP Basic.", schema: Schema{Type: "string"}}},
	{requestHeader, header{about: "The request's id, as the hub's log has it.", schema: Schema{Type: "string", Pattern: "^[A-Z2-7]{26}$"}}},
}

const (
	ifMatch      = "If-Match"
	ifNoneMatch  = "If-None-Match"
	asRange      = "Range"
	override     = "X-HTTP-Method-Override"
	lastEvent    = "Last-Event-ID"
	disposition  = "Content-Disposition"
	purposeOfUse = "Purpose-Of-Use"
)

// requestHeaders says what those of requests are for.
var requestHeaders = map[string]string{
	ifMatch:      `Do it only if the record has one of these versions ("3"), or is there (*); else 412.`,
	ifNoneMatch:  "A GET answers 304 if the record has one of these versions; a POST creates only, with *.",
	asRange:      "The bytes that are wanted, like bytes=0-1023. Of more than ten ranges, or overlapping ones, the whole document comes.",
	override:     "PATCH makes a POST a PATCH in every respect, for clients that cannot send it.",
	lastEvent:    "The cursor of the last event; a stream goes on behind it.",
	purposeOfUse: "Why the caller reads, as one of the codes of PurposeOfUse in HL7 v3 (TREAT): the access record keeps it.",
	disposition:  "Its filename is kept for a document that is sent as it is.",
}
