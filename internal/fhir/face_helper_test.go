// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// The accounts of the fixture, with their passwords.
var ana, other, cameron, root, nobody = testhub.Ana, testhub.Other, testhub.Cameron, testhub.Root, testhub.Nobody

// hub is a whole server, whose face FHIR is tried.
type hub struct{ *testhub.Hub }

func quickHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	return &hub{testhub.Quick(t, change...)}
}

// person puts a person into the database as others might have.
func (h *hub) person(id, data string) {
	h.DB.Exec(`INSERT INTO people (id, data) VALUES ($1::text, $2::jsonb || jsonb_build_object('id', $1::text))`, id, data)
}

// page puts a page into a book.
func (h *hub) page(book, id, data string) {
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ($1::text, $2::text, $3::jsonb || jsonb_build_object('id', $1::text, 'book', $2::text))`, id, book, data)
}

// foundBundle is a Bundle with what a test compares of it.
type foundBundle struct {
	Type  string
	Entry []struct {
		FullURL  string
		Resource struct {
			ResourceType, ID string
			Meta             struct{ VersionID string }
			Link             []struct{ Other struct{ Reference string } }
		}
		Request  struct{ Method, URL string }
		Response struct{ Status, ETag string }
	}
	Link []struct{ Relation, URL string }
}

func read(t testing.TB, a testhub.Answer) (b foundBundle) {
	t.Helper()
	a.Want(t, http.StatusOK)
	if err := json.Unmarshal([]byte(a.Text), &b); err != nil || strings.Contains(a.Text, "[]") {
		t.Errorf("%v: %.300s", err, a.Text)
	}
	return b
}

// ids are those of the resources.
func (b foundBundle) ids() string {
	var ids []string
	for _, one := range b.Entry {
		ids = append(ids, one.Resource.ID)
	}
	return strings.Join(ids, " ")
}

// link is the target of a link, without the address of the hub; "" if there is none.
func (b foundBundle) link(h *hub, relation string) string {
	for _, one := range b.Link {
		if one.Relation == relation {
			return strings.TrimPrefix(one.URL, h.URL)
		}
	}
	return ""
}

// search asks as an account, and gives the ids of what was found.
func (h *hub) search(account []string, path string) string {
	h.T.Helper()
	return read(h.T, h.Do(account, "GET", path, "")).ids()
}

// diagnostics is the sentence of an OperationOutcome.
func diagnostics(t testing.TB, a testhub.Answer, status int) string {
	t.Helper()
	var outcome struct {
		ResourceType string
		Issue        []struct{ Severity, Code, Diagnostics string }
	}
	if err := json.Unmarshal([]byte(a.Want(t, status).Text), &outcome); err != nil || outcome.ResourceType != "OperationOutcome" || len(outcome.Issue) != 1 ||
		outcome.Issue[0].Severity != "error" || outcome.Issue[0].Code == "" || a.Header.Get("Content-Type") != gate.FHIRType {
		t.Fatalf("%s %s: no OperationOutcome: %.300s", a.Request.Method, a.Request.URL, a.Text)
	}
	return outcome.Issue[0].Diagnostics
}

// form sends a search as a form.
func (h *hub) form(account []string, path, form string) testhub.Answer {
	h.T.Helper()
	return h.DoWith(account, "POST", path, form, "Content-Type", "application/x-www-form-urlencoded")
}

// rolesFile is the shipped one with another role, which reaches everybody.
func rolesFile(t testing.TB, role, permissions string) string {
	t.Helper()
	shipped, err := os.ReadFile("../../etc/roles.cfg")
	if err != nil {
		t.Fatal(err)
	}
	entry := `[{"role": "` + role + `", "permissions": {` + permissions + `, "global": "True"}},`
	file := filepath.Join(t.TempDir(), "roles.cfg")
	if err := os.WriteFile(file, []byte(strings.Replace(string(shipped), "[", entry, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
