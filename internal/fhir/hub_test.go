// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fhir/resource"
	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// inMadrid has times without a zone in a zone with two of them in a year.
func inMadrid(t *testing.T) func(*testhub.Options) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	return func(o *testhub.Options) { o.Zone = zone }
}

// bundle is a Bundle as a program reads it.
type bundle struct {
	Link  []struct{ Relation, URL string }
	Entry []struct {
		FullURL  string
		Resource json.RawMessage
	}
}

// next gives where a Bundle goes on; "" at the end.
func (b bundle) next() string {
	for _, link := range b.Link {
		if link.Relation == "next" {
			return link.URL
		}
	}
	return ""
}

// search asks for a Bundle and for those that follow it, and gives their resources.
func search(h *testhub.Hub, account []string, path string) (all []json.RawMessage) {
	h.T.Helper()
	for next := h.URL + path; next != ""; {
		a := h.Do(account, http.MethodGet, strings.TrimPrefix(next, h.URL), "").Want(h.T, http.StatusOK)
		var found bundle
		if err := json.Unmarshal([]byte(a.Text), &found); err != nil {
			h.T.Fatalf("%s: %v: %.300s", next, err, a.Text)
		}
		for _, entry := range found.Entry {
			all = append(all, entry.Resource)
		}
		next = found.next()
	}
	return all
}

// ofPerson is the path of a search of a person's book.
func ofPerson(kind, person string) string {
	return "/fhir/" + kind + "?patient=" + url.QueryEscape(resource.ID(person))
}
