// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// creatable are the collections that take a new record under an id of the client's.
var creatable = []string{"/people/", "/pols/ESPGNU777ORG/", "/domiciliary-units/", "/institutions/"}

func TestAnIDThatNobodyMayHaveIsUnknownAndCannotBeCreated(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	before := h.everything()
	for _, id := range []string{
		"a%00b", "%00", "a%2Fb", "%2F", "%2e%2e%2Fpeople", "a%0Ab", "a%7Fb", "a%C2%85b", "%FF", "a%C3", "%ED%A0%80", "%2E", "%2E%2E",
		strings.Repeat("x", 256), strings.Repeat("%C3%B1", 256),
		"%20A", "A%20", "A%C2%A0", "%E3%80%80A", "%E2%80%AEA", "A%E2%80%8BB", "A%C2%AD", "A%F3%A0%81%81", "N%CC%83", // all look like others
	} {
		for _, path := range append([]string{birthDocs + "/"}, creatable...) {
			h.Do(root, http.MethodGet, path+id, "").WantError(t, http.StatusNotFound)
			h.Do(root, http.MethodPatch, path+id, `{"a": 1}`).WantError(t, http.StatusNotFound)
			h.Do(root, http.MethodDelete, path+id, "").WantError(t, http.StatusNotFound)
			if path != birthDocs+"/" {
				body, _ := json.Marshal(map[string]string{"id": unescaped(id)})
				h.Do(root, http.MethodPost, path+id, string(body)).WantError(t, http.StatusUnprocessableEntity)
			}
		}
	}
	if diff := cmp.Diff(before, h.everything()); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
}

func TestTheLongestIDHas255CharactersOfAnySize(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, character := range []string{"X", "Ñ", "☃", "😀"} {
		id := strings.Repeat(character, 255)
		for _, path := range creatable {
			a := h.Do(root, http.MethodPost, path+url.PathEscape(id), `{"id": "`+id+`"}`).Want(t, http.StatusCreated)
			if got := h.Do(root, http.MethodGet, a.Header.Get("Location"), "").Want(t, http.StatusOK).Fields(t)["id"]; got != id {
				t.Errorf("got %.300v", got)
			}
		}
	}
}

func unescaped(text string) string {
	plain, _ := url.PathUnescape(text)
	return plain
}

func TestAPersonOrPageOfAnImpossibleIDIsUnknownToo(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, id := range []string{"a%00b", "%FF", "a%2Fb", strings.Repeat("x", 300)} {
		for path, want := range map[string]int{"/pols/" + id: http.StatusOK, "/personal_docs/" + id: http.StatusOK, anaDocs + "/" + id: http.StatusOK} {
			t.Run(path, func(t *testing.T) {
				a := h.Do(root, http.MethodGet, path, "")
				if a.StatusCode != want && a.StatusCode != http.StatusNotFound || a.StatusCode == want && a.Text != "[]" {
					t.Errorf("%s gave %d %s", path, a.StatusCode, a.Text)
				}
			})
		}
		h.Do(root, http.MethodPost, "/pols/"+id+"/new", `{"id": "new"}`).WantError(t, http.StatusNotFound)
		h.Do(root, http.MethodGet, "/password/"+id, "").Want(t, http.StatusNotFound)
	}
}

// A misspelt filter must not return everybody, nor one that cannot be read.
func TestAFilterThatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{"/people", "/pols/ESPGNU777ORG", anaDocs, birthDocs, "/domiciliary-units", "/institutions"} {
		for _, query := range []string{"?gender=f", "?gender=f;active=1", "?gender=%zz", "?x=%", "?a&b=c", "?word=", "?a&=", "?a;b"} {
			h.Do(root, http.MethodGet, path+query, "").WantError(t, http.StatusUnprocessableEntity)
		}
		for _, query := range []string{"", "?", "?word", "?a&b", "?&&"} {
			h.Do(root, http.MethodGet, path+query, "").Want(t, http.StatusOK)
		}
	}
	h.Do(root, http.MethodGet, "/people/ESPGNU777ORG?gender=f;x&%zz", "").Want(t, http.StatusOK)
}
