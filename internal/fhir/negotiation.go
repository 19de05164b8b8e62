// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
)

// jsonTypes are the media types by which clients ask for JSON, the usual one first.
var jsonTypes = []string{gate.FHIRType, gate.JSONType, "application/json+fhir", "text/json"}

// negotiated lets a request through to a handler if its parameters can be read, and the client takes
// JSON. _format goes before Accept.
func negotiated(handle gate.Handler) gate.Handler {
	return func(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
		gate.VaryByAccept(w.Header())
		if _, err := readForm(w, r); err != nil {
			return err
		}
		if !takesJSON(r) {
			return fed.Errorf(fed.NotAcceptable, "This server has JSON only: ask for %s.", gate.FHIRType)
		}
		return handle(w, r, c)
	}
}

// bodied lets a request through to a negotiated handler whose body is a resource, and so no form.
func bodied(handle gate.Handler) gate.Handler {
	return func(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || !slices.Contains(jsonTypes, kind) {
			return fed.Errorf(fed.Unsupported, "A resource is sent as %s.", gate.FHIRType)
		}

		r.Form, err = url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return fed.Errorf(fed.Malformed, "The query cannot be read.")
		}
		return handle(w, r, c)
	}
}

func takesJSON(r *http.Request) bool {
	if r.Form.Has("_format") {
		asked, _, _ := strings.Cut(strings.ReplaceAll(r.Form.Get("_format"), " ", "+"), ";")
		return asked == "json" || slices.Contains(jsonTypes, asked)
	}
	return gate.Accepts(r, jsonTypes...)
}
