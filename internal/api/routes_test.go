// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/gate"
)

// A row with a person in its path that is about nobody would be in everybody's own reach.
func TestARowIsAboutThePersonOfItsPath(t *testing.T) {
	t.Parallel()
	faces := map[string]gate.Face{}
	for _, row := range quickHub(t).Rows {
		if (row.Subject == gate.OfPath) != strings.Contains(row.Pattern, "{person}") {
			t.Errorf("%s %s has the subject %d", row.Method, row.Pattern, row.Subject)
		}
		if face, ok := faces[row.Pattern]; ok && face != row.Face {
			t.Errorf("%s %s has another face than the row before", row.Method, row.Pattern)
		}
		faces[row.Pattern] = row.Face
	}
}

// Whoever was sent a page before is told of an error by a page, wherever it comes from.
func TestAnErrorHasTheFaceOfItsRow(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const page, json = "text/html; charset=utf-8", "application/json"
	for _, c := range []struct {
		account      []string
		method, path string
		status       int
		face         string
	}{
		{nobody, "GET", "/password/" + ana[0], http.StatusUnauthorized, page},
		{other, "GET", "/password/" + ana[0], http.StatusForbidden, page},
		{root, "GET", "/password/NOBODY", http.StatusNotFound, page},
		{root, "PUT", "/password/" + ana[0], http.StatusMethodNotAllowed, page},
		{root, "POST", "/password/" + ana[0], http.StatusForbidden, page}, // of another site
		{nobody, "GET", "/people/" + ana[0], http.StatusUnauthorized, json},
		{root, "PUT", "/people/password", http.StatusMethodNotAllowed, json},
		{root, "POST", "/people/" + ana[0], http.StatusForbidden, json}, // of another site
		{root, "GET", "/password", http.StatusNotFound, json},
	} {
		a := h.DoWith(c.account, c.method, c.path, "", "Origin", "https://elsewhere.example").Want(t, c.status)
		if got := a.Header.Get("Content-Type"); got != c.face {
			t.Errorf("%s %s: %s, want %s", c.method, c.path, got, c.face)
		}
	}
}
