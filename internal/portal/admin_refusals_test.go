// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// An administrator sees what a node is refused again and again, and nothing of what it sent.
func TestRefusalsThatRepeatAreShown(t *testing.T) {
	t.Parallel()
	h, record := testhub.Recorded(t)
	node, phone := h.Enrol("NODE", "health_professional"), h.Enrol("PHONE", "end_user")
	b := h.SignIn(root)
	wantText(t, b.Get("/portal/admin/refusals").Want(t, http.StatusOK), "Nothing is refused again and again")
	for range 4 {
		h.Do(node, "POST", "/pols/"+ana[0]+"/page1", `{"id": "page2", "summary": "SECRETBODY"}`).Want(t, http.StatusUnprocessableEntity)
	}
	for range 3 {
		h.Do(phone, "GET", "/people", "").Want(t, http.StatusForbidden)
	}
	for range 2 {
		h.Do(cameron, "DELETE", "/people/"+ana[0], "").Want(t, http.StatusForbidden)
	}
	for range 5 {
		h.Do([]string{"SECRETTYPED", "SECRETPASSWORD"}, "GET", "/login", "").Want(t, http.StatusUnauthorized)
		h.Do(node, "GET", "/people/NOBODY", "").Want(t, http.StatusNotFound)
	}

	record.Take()
	a := b.Get("/portal/admin/refusals").Want(t, http.StatusOK)
	wantText(t, a, "<bdi>NODE</bdi>", "<bdi>POST /pols/{person}/{page}</bdi>", "<bdi>422</bdi>", "<bdi>4</bdi>", "<bdi>PHONE</bdi>", "<bdi>403</bdi>", "<bdi>3</bdi>")
	if strings.Contains(a.Text, "SECRET") || strings.Contains(a.Text, cameron[0]) || strings.Contains(a.Text, "<bdi>5</bdi>") {
		t.Errorf("it shows more: %s", a.Text)
	}
	if strings.Index(a.Text, "<bdi>NODE") > strings.Index(a.Text, "<bdi>PHONE") {
		t.Error("the most frequent one is not the first")
	}
	if got := record.Persons(t); got != `["NODE","PHONE"]` {
		t.Errorf("the access record has %s", got)
	}
	for _, account := range [][]string{ana, cameron, phone} {
		h.SignIn(account).Get("/portal/admin/refusals").Want(t, http.StatusForbidden)
	}
}
