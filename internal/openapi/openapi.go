// SPDX-License-Identifier: GPL-3.0-or-later

// Package openapi describes the API for programs: a document of OpenAPI 3.1, made from the
// route table and a table of operations, and a page on which people read the same.
package openapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/web"
)

// Description is the document, as it is served.
type Description struct {
	rows []gate.Row // that it describes
	text []byte
	tag  string // of its content, as an entity tag
	page web.Reference
}

// New describes these rows of the route table and its own. The pages for people are left out.
func New(rows []gate.Row, version string) (*Description, error) {
	d := &Description{}
	for _, row := range slices.Concat(rows, d.Rows()) {
		if described(row) {
			d.rows = append(d.rows, row)
		}
	}

	if err := check(d.rows); err != nil {
		return nil, err
	}
	text, err := write(d.rows, version)
	sum := sha256.Sum256(text)
	d.page = newPage(d.rows)
	d.text, d.tag = text, `"`+hex.EncodeToString(sum[:8])+`"`
	return d, err
}

// check compares the rows with the table of operations.
func check(rows []gate.Row) error {
	left := maps.Clone(operations)
	for _, row := range rows {
		if _, ok := operations[nameOf(row)]; !ok {
			return fmt.Errorf("%s is in the route table and has no operation", nameOf(row))
		}
		delete(left, nameOf(row))
	}

	for name := range left {
		return fmt.Errorf("%s has an operation and is not in the route table", name)
	}
	return nil
}

// described reports whether a row is a part of the API.
func described(row gate.Row) bool {
	return row.Face != gate.Pages && row.Pattern != "/docs" && !strings.HasPrefix(row.Pattern, "/docs/")
}

// Rows are those of the route table that show the description.
func (d *Description) Rows() []gate.Row {
	return []gate.Row{
		{Method: http.MethodGet, Pattern: "/openapi.json", Endpoint: access.Public, Handle: d.getDocument},
		{Method: http.MethodGet, Pattern: "/docs/api", Endpoint: access.Public, Face: gate.HTML, Handle: d.getPage},
	}
}

// Document gives the document, for a hub at this path.
func (d *Description) Document(prefix string) []byte {
	url, _ := json.Marshal(prefix + "/")
	return bytes.Replace(d.text, []byte(`"servers":[{"url":"/"}]`), append(append([]byte(`"servers":[{"url":`), url...), `}]`...), 1)
}

// getDocument answers with the document. Caches ask each time whether it is still the same.
func (d *Description) getDocument(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	w.Header().Set("Etag", d.tag)
	w.Header().Set("Cache-Control", "no-cache")
	if strings.Contains(r.Header.Get("If-None-Match"), d.tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}

	gate.Reply(w, http.StatusOK, gate.JSONType, d.Document(c.Path()))
	return nil
}
