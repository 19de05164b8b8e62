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
		h.Do(root, "POST", "/people/NEW001", `{"active": `+odd+`}`).Want(t, http.StatusUnprocessableEntity)
		a := h.Do(root, "PATCH", "/people/"+ana[0], `{"active": `+odd+`}`).Want(t, http.StatusUnprocessableEntity)
		if a.Failure().Error != "active must be true, false or null." {
			t.Error(a.Text)
		}
	}
	for _, value := range []string{"false", "null", "true"} {
		h.Do(root, "PATCH", "/people/"+ana[0], `{"active": `+value+`}`).Want(t, http.StatusOK)
		h.Do(root, "POST", "/people/NEW"+strings.ToUpper(value), `{"active": `+value+`}`).Want(t, http.StatusCreated)
	}
}

// Login, filter, DELETE and PATCH agree on a row that others wrote.
func TestAnOddValueOfActiveClosesTheAccount(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.SearchFields = []string{"gender"} })
	for _, odd := range oddActive {
		account := h.Enrol("ODD001", "end_user")
		h.Do(account, "GET", "/login", "").Want(t, http.StatusOK)
		h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('gender', 'odd', 'active', $1::jsonb) WHERE id = 'ODD001'`, odd)
		h.Do(account, "GET", "/login", "").Want(t, http.StatusUnauthorized)
		for query, want := range map[string]bool{"active=false": true, "active=true": false} {
			t.Run(query, func(t *testing.T) {
				if a := h.Do(root, "GET", "/people?gender=odd&"+query, "").Want(t, http.StatusOK); strings.Contains(a.Text, "ODD001") != want {
					t.Errorf("%s with %s: %s", query, odd, a.Text)
				}
			})
		}
		h.Do(root, "PATCH", "/people/ODD001", `{"active": `+odd+`, "name": "x"}`).Want(t, http.StatusOK)
		h.Do(cameron, "PATCH", "/people/ODD001", `{"active": `+odd+`}`).Want(t, http.StatusOK) // repeats, and needs no grant
		h.Do(root, "PATCH", "/people/ODD001", `{"active": "other"}`).Want(t, http.StatusUnprocessableEntity)
		h.Do(root, "DELETE", "/people/ODD001", "").Want(t, http.StatusNoContent)
	}
}
