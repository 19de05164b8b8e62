// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"testing"
)

// Writing must not be a way to read.
func TestAWriterWhoMayNotReadIsShownNothing(t *testing.T) {
	t.Parallel()
	file := rolesFile(t, "clerk", `"GET": ["login"], "POST": ["person", "page", "poldocs", "domiciliaryunit", "institution"],
		"PATCH": ["person", "page", "document", "domiciliaryunit", "institution"]`)
	h := quickHubWith(t, file)
	clerk := h.Enrol("CLERK001", "clerk")
	for _, path := range []string{"/people/CLERKS", "/pols/ESPGNU777ORG/p", "/domiciliary-units/u", "/institutions/i"} {
		body := `{"id":"` + path[len(path)-1:] + `"}`
		for _, step := range []struct {
			method string
			status int
		}{{"POST", http.StatusCreated}, {"POST", http.StatusOK}, {"PATCH", http.StatusOK}} {
			t.Run(step.method, func(t *testing.T) {
				if step.method == "PATCH" {
					body = `{"more":1}`
				}
				if a := h.Do(clerk, step.method, path, body).Want(t, step.status); a.Text != "{}" {
					t.Errorf("%s %s shows %s", step.method, path, a.Text)
				}
			})
		}
		h.Do(clerk, "GET", path, "").Want(t, http.StatusForbidden)
	}
	if a := h.Do(clerk, "POST", "/personal_docs/ESPGNU777ORG/p", "bytes").Want(t, http.StatusCreated); a.Text != "{}" {
		t.Errorf("a document shows %s", a.Text)
	}
}

var collections = []string{
	"/people", "/pols/ESPGNU777ORG", "/personal_docs/ESPGNU777ORG", "/personal_docs/ESPGNU777ORG/" + birthPage, "/domiciliary-units", "/institutions",
}

// A misspelt filter must not return everybody.
func TestACollectionTakesNoParameterThatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range collections {
		for query, status := range map[string]int{
			"": http.StatusOK, "ESPGNU777ORG": http.StatusOK, "word&word2": http.StatusOK, "x=": http.StatusUnprocessableEntity,
			"nom=Ana": http.StatusUnprocessableEntity, "x=&y=1": http.StatusUnprocessableEntity, "x=&x=1": http.StatusUnprocessableEntity,
			"=1": http.StatusUnprocessableEntity, "word&x=1": http.StatusUnprocessableEntity, "x=%20": http.StatusUnprocessableEntity,
		} {
			t.Run(query, func(t *testing.T) {
				h.Do(root, "GET", path+"?"+query, "").Want(t, status)
			})
		}
	}
	for _, path := range []string{"/people/ESPGNU777ORG", "/pols/ESPGNU777ORG/" + birthPage, "/institutions/INST1", "/domiciliary-units/DU1", "/login"} {
		h.Do(root, "GET", path+"?nom=Ana&ESPGNU777ORG", "").Want(t, http.StatusOK)
	}
}

func TestEveryListIsAnArrayOfArraysOfOneRecord(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{"/people", "/pols/ESPGNU777ORG", "/domiciliary-units", "/institutions"} {
		a := h.Do(root, "GET", path, "").Want(t, http.StatusOK)
		list, _ := decode(t, a.Text).([]any)
		for _, item := range list {
			record, _ := item.([]any)
			if len(record) != 1 {
				t.Fatalf("%s has %v", path, item)
			}
			if _, ok := record[0].(map[string]any); !ok {
				t.Errorf("%s has %v", path, item)
			}
		}
		if len(list) == 0 || a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d records of %s", path, len(list), a.Header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/pols/NOPASS001", "/pols/NOBODY", "/personal_docs/NOBODY", "/personal_docs/NOBODY/none"} {
		if a := h.Do(root, "GET", path, "").Want(t, http.StatusOK); a.Text != "[]" {
			t.Errorf("%s is %s", path, a.Text)
		}
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range append(collections, "/", "/login", "/people/ESPGNU777ORG", "/password/ESPGNU777ORG", "/people/"+url.PathEscape("ÑANDÚ001"), "/people/NOBODY") {
		get, head := h.Do(root, "GET", path, ""), h.Do(root, "HEAD", path, "")
		if head.StatusCode != get.StatusCode || head.Text != "" {
			t.Errorf("%s: HEAD %d %q, GET %d", path, head.StatusCode, head.Text, get.StatusCode)
		}
		for _, name := range []string{"Content-Type", "Cache-Control", "Content-Security-Policy"} {
			if head.Header.Get(name) != get.Header.Get(name) {
				t.Errorf("%s: HEAD has %s %q, GET %q", path, name, head.Header.Get(name), get.Header.Get(name))
			}
		}
	}
}
