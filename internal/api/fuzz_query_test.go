// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"net/url"
	"strings"
)

// Parts that queries are made of. No value waits longer than a moment.
var (
	queryNames = []string{
		"limit", "after", "q", "dob", "active", "deceased", "score", "since", "wait", "person", "resource", "data", "not_node", "version",
		"linked", "from", "to", "id", "name", "order", "gender",
	}
	queryValues = []string{
		"", "0", "1", "2", "1000", "1001", "-1", "99999999999999999999", "true", "false", "now", "none", "10ms", "61s", "1e3", "person",
		"page,document", "FUZZED000", "fuzzed000", "planted", "Planted", "1990", "1990-10-04", "1990-13", "desc", "\x00", "\xff", "%", "a b c",
		"'; DROP TABLE people; --", "ÑANDÚ", strings.Repeat("q", 300), "1.0", "null",
	}
	tagValues = []string{
		`*`, `"1"`, `"2"`, `"3"`, `W/"2"`, `"3-gzip"`, `"1", "2"`, `"x"`, `1`, `"`, ``, `W/`, `"9223372036854775808"`, `"-1"`, `"1""2"`,
	}
)

// query makes a query with its question mark, or none.
func query(c *chance, method string) string {
	if method != "GET" && !c.oneIn(10) || c.oneIn(2) {
		return ""
	}
	var parts []string
	for range 1 + c.below(2) {
		name, value := pick(c, queryNames...), pick(c, queryValues...)
		if c.oneIn(10) {
			parts = append(parts, name)
			continue
		}
		parts = append(parts, url.QueryEscape(name)+"="+url.QueryEscape(value))
	}
	if c.oneIn(20) {
		parts = append(parts, pick(c, "%", "a;b", "&&", "=", "%00=1", "%ff"))
	}
	return "?" + strings.Join(parts, "&")
}

// headerValues are what clients send besides, and odd values of it.
var headerValues = []struct {
	name   string
	values []string
}{
	{"Range", []string{"bytes=0-3", "bytes=-1", "bytes=5-2", "bytes=0-0,2-3", "bytes=99999-", "lines=1", "bytes=" + strings.Repeat("0-0,", 400) + "1-1"}},
	{"If-Range", []string{`"1"`, `W/"1"`, "Thu, 01 Jan 1970 00:00:00 GMT", "x"}},
	{"Accept", []string{"text/html", "*/*", "text/event-stream", "application/json", "image/png, text/html;q=0.5", ";;,"}},
	{"Accept-Encoding", []string{"gzip", "br;q=1", "identity;q=0"}},
	{"Origin", []string{"null", "https://portal.example", "http://127.0.0.1", "x"}},
	{"Sec-Fetch-Site", []string{"cross-site", "same-origin", "none", "x"}},
	{"Access-Control-Request-Method", []string{"PATCH", "x"}},
	{"Content-Encoding", []string{"gzip", "identity", "x"}},
	{"Content-Disposition", []string{`attachment; filename="a.png"`, `attachment; filename*=UTF-8''%ff`, "x;;"}},
	{"Last-Event-ID", []string{"x", "0", "-"}},
	{"X-Forwarded-For", []string{"192.0.2.1", "x, y", "::1"}},
	{"X-Request-Id", []string{"x"}},
	{"Expect", []string{"100-continue"}},
	{"Prefer", []string{"return=minimal"}},
}

// sentTypes that a client may give its body, whatever it is.
var sentTypes = []string{
	"", "application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "text/html",
	"image/png", "application/json; charset=latin1", ";", "application/fhir+json",
}

// headers gives names and values by turns.
func (w *fuzzWorld) headers(c *chance, contentType string) (headers []string) {
	if c.oneIn(4) {
		contentType = pick(c, sentTypes...)
	}
	if contentType != "" {
		headers = append(headers, "Content-Type", contentType)
	}
	if c.oneIn(5) {
		headers = append(headers, pick(c, "If-Match", "If-None-Match"), pick(c, append(w.tags, tagValues...)...))
	}
	for c.oneIn(3) {
		header := pick(c, headerValues...)
		headers = append(headers, header.name, pick(c, header.values...))
	}
	return headers
}
