// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// A laboratory that lost the first reply learns from the second where its document is.
func TestAReplaySaysWhereTheRecordIsAsTheFirstReplyDid(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	withoutID := form(documentPart("bytes of a form"), dataPart(`{"type": "scan"}`))
	another := form(documentPart("bytes of a third"), dataPart(`{"type": "scan"}`))
	withID := form(documentPart("bytes of another"), dataPart(`{"id": "in data", "type": "scan"}`))
	for name, c := range map[string]struct{ path, contentType, body, change string }{
		"person":                {"/people/new one", "", `{"name": "N", "password": "a tortoise"}`, `{"name": "M"}`},
		"page":                  {"/pols/" + ana[0] + "/new one", "", `{"id": "new one", "n": 1}`, `{"n": 2}`},
		"unit":                  {"/domiciliary-units/new one", "", `{"n": 1}`, `{"n": 2}`},
		"institution":           {"/institutions/new one", "", `{"n": 1}`, `{"n": 2}`},
		"document":              {birthDocs, "image/png", "raw bytes", `{"type": "note"}`},
		"document with an id":   {birthDocs + "?id=in%20query", "", "other raw bytes", `{"type": "note"}`},
		"form":                  {birthDocs, formType, withoutID, `{"type": "note"}`},
		"form with an id":       {birthDocs, formType, withID, `{"type": "note"}`},
		"form, id in the query": {birthDocs + "?id=asked", formType, another, `{"type": "note"}`},
	} {
		t.Run(name, func(t *testing.T) {
			path := strings.ReplaceAll(c.path, " ", "%20")
			first := h.DoWith(root, "POST", path, c.body, "Content-Type", c.contentType).Want(t, http.StatusCreated).Header.Get("Location")
			h.Do(root, "GET", first, "").Want(t, http.StatusOK)
			replay := func(path string) {
				a := h.DoWith(root, "POST", path, c.body, "Content-Type", c.contentType).Want(t, http.StatusOK)
				if got := a.Header.Get("Location"); first == "" || got != first {
					t.Errorf("%s: first at %q, then at %q", name, first, got)
				}
			}
			replay(path)
			replay(strings.Replace(path, ana[0], strings.ToLower(ana[0]), 1))
			h.Do(root, "PATCH", first, c.change).Want(t, http.StatusOK)
			replay(path)
		})
	}
}

// A link is of two persons, and is nowhere.
func TestARepeatedLinkHasNoLocationAsTheFirstHadNone(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, status := range []int{http.StatusCreated, http.StatusOK, http.StatusOK} {
		a := h.Do(root, "POST", "/people/"+ana[0]+"/links", `{"person": "`+other[0]+`", "same": true}`).Want(t, status)
		if got := a.Header.Values("Location"); len(got) != 0 {
			t.Errorf("a link is at %q", got)
		}
	}
}
