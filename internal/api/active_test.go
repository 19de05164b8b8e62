// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// oddActive are values that others have written; the Python server let such accounts in.
var oddActive = []string{`"false"`, `"true"`, `""`, `"no"`, `0`, `1`, `[]`, `[true]`, `{}`}

func TestActiveIsTrueFalseOrNull(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, odd := range oddActive {
		h.do(root, "POST", "/people/NEW001", `{"active": `+odd+`}`).want(t, http.StatusUnprocessableEntity)
		a := h.do(root, "PATCH", "/people/"+ana[0], `{"active": `+odd+`}`).want(t, http.StatusUnprocessableEntity)
		if a.body != `{"error":"active must be true, false or null."}` {
			t.Error(a.body)
		}
	}
	for _, value := range []string{"false", "null", "true"} {
		h.do(root, "PATCH", "/people/"+ana[0], `{"active": `+value+`}`).want(t, http.StatusOK)
		h.do(root, "POST", "/people/NEW"+strings.ToUpper(value), `{"active": `+value+`}`).want(t, http.StatusCreated)
	}
}

// Login, filter, DELETE and PATCH agree on a row that others wrote.
func TestAnOddValueOfActiveClosesTheAccount(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.SearchFields = []string{"gender"} })
	for _, odd := range oddActive {
		account := h.enrol("ODD001", "end_user")
		h.do(account, "GET", "/login", "").want(t, http.StatusOK)
		h.db.Exec(`UPDATE people SET data = data || jsonb_build_object('gender', 'odd', 'active', $1::jsonb) WHERE id = 'ODD001'`, odd)
		h.do(account, "GET", "/login", "").want(t, http.StatusUnauthorized)
		for query, want := range map[string]bool{"active=false": true, "active=true": false} {
			if a := h.do(root, "GET", "/people?gender=odd&"+query, "").want(t, http.StatusOK); strings.Contains(a.body, "ODD001") != want {
				t.Errorf("%s with %s: %s", query, odd, a.body)
			}
		}
		h.do(root, "PATCH", "/people/ODD001", `{"active": `+odd+`, "name": "x"}`).want(t, http.StatusOK)
		h.do(cameron, "PATCH", "/people/ODD001", `{"active": `+odd+`}`).want(t, http.StatusOK) // repeats, and needs no grant
		h.do(root, "PATCH", "/people/ODD001", `{"active": "other"}`).want(t, http.StatusUnprocessableEntity)
		h.do(root, "DELETE", "/people/ODD001", "").want(t, http.StatusNoContent)
	}
}
