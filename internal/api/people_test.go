// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestNewIdsHaveOneTo255CharactersAndNoControls(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for segment, valid := range map[string]bool{
		strings.Repeat("A", 255): true, strings.Repeat("%C3%91", 255): true, "A.": true, "..A": true, "A%20B": true, "...": true, "%20": false,
		strings.Repeat("A", 256): false, strings.Repeat("%C3%91", 256): false, ".": false, "..": false, "%2E": false, "%2e%2E": false,
		"A%2FB": false, "%2F": false, "A%01B": false, "A%0AB": false, "A%7FB": false, "A%C2%85B": false, "%1B": false, "A%00B": false, "A%FFB": false,
	} {
		t.Run(segment, func(t *testing.T) {
			page := "/pols/ESPGNU777ORG/"
			id, err := url.PathUnescape(segment)
			if err != nil {
				t.Fatal(err)
			}
			body := `{}`
			if valid {
				body = `{"id":"` + id + `"}`
			}
			for _, path := range []string{"/people/", page, "/domiciliary-units/", "/institutions/"} {
				want := http.StatusUnprocessableEntity
				if valid {
					want = http.StatusCreated
				}
				r := h.Request(root, "POST", "/", body)
				r.URL.Opaque = path + segment // as it is, dots too
				h.Send(r).Want(t, want)
			}
		})
	}
}

// Rows that others wrote have ids that nobody could create here.
func TestOddRowsOfOthersAreServed(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, id := range []string{"A/B", ".", "..", "lower", "A\nB", strings.Repeat("L", 300), " ", "%2F"} {
		h.DB.Exec(`INSERT INTO people VALUES ($1::text, jsonb_build_object('id', $1::text, 'odd', true))`, id)
		path := "/people/" + strings.ReplaceAll(url.PathEscape(id), ".", "%2E")
		if a := h.Do(root, "GET", path, "").Want(t, http.StatusOK); !strings.Contains(a.Text, `"odd": true`) {
			t.Errorf("%q: %s", id, a.Text)
		}
		h.Do(root, "PATCH", path, `{"active":false}`).Want(t, http.StatusOK)
		h.Do(root, "DELETE", path, "").Want(t, http.StatusNoContent)
	}
}

func TestDataThatIsNoObjectIsServedToNobody(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO people VALUES ('TEXT1', '"text"'), ('NUMBER1', '7'), ('JSONNULL1', 'null')`)
	list := h.Do(root, "GET", "/people", "").Want(t, http.StatusOK).Text
	for id, patched := range map[string]int{
		"NULLDATA1": http.StatusOK, "JSONNULL1": http.StatusOK, "ARRDATA1": http.StatusUnprocessableEntity,
		"TEXT1": http.StatusUnprocessableEntity, "NUMBER1": http.StatusUnprocessableEntity,
	} {
		t.Run(id, func(t *testing.T) {
			h.Do(root, "GET", "/people/"+id, "").Want(t, http.StatusNotFound)
			h.Do(root, "PATCH", "/people/"+id, `{"name":"first"}`).Want(t, patched)
			if strings.Contains(list, id) {
				t.Errorf("the list has %s", id)
			}
		})
	}
	h.Do(root, "GET", "/people/NULLDATA1", "").Want(t, http.StatusOK)
}

func TestAPatchMergesTheTopLevelAndStoresNull(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(other, "PATCH", "/people/FRAOTH001EUS", `{"a":{"x":1,"y":2},"b":[1],"name":"Neu"}`).Want(t, http.StatusOK)
	a := h.Do(other, "PATCH", "/people/FRAOTH001EUS", `{"a":{"z":3},"b":null,"id":"FRAOTH001EUS"}`).Want(t, http.StatusOK)
	got := decode(t, a.Text).(map[string]any)
	if len(got["a"].(map[string]any)) != 1 || got["b"] != nil || got["name"] != "Neu" || got["lastname"] != "Enduser" {
		t.Errorf("merged to %s", a.Text)
	}
	if _, stored := got["b"]; !stored {
		t.Error("null was not stored")
	}
	for _, id := range []string{`"ESPGNU777ORG"`, `"fraoth001eus"`, `null`, `""`, `7`, `["FRAOTH001EUS"]`} {
		h.Do(other, "PATCH", "/people/FRAOTH001EUS", `{"id":`+id+`}`).Want(t, http.StatusUnprocessableEntity)
	}
	h.Do(root, "PATCH", "/people/NOBODY", `{}`).Want(t, http.StatusNotFound)
}

func TestDeletingAPerson(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	if a := h.Do(root, "DELETE", "/people/NOBODY", "").Want(t, http.StatusNotFound); a.Failure().Error != "User does not exist" {
		t.Error(a.Text)
	}
	for _, active := range []string{"true", "null"} {
		h.Do(root, "PATCH", "/people/NOPASS001", `{"active":`+active+`}`).Want(t, http.StatusOK)
		a := h.Do(root, "DELETE", "/people/NOPASS001", "").Want(t, http.StatusUnprocessableEntity)
		if a.Failure().Error != "The user is active." {
			t.Error(a.Text)
		}
	}
	h.Do(root, "PATCH", "/people/ESPGNU777ORG", `{"active":false}`).Want(t, http.StatusOK)
	h.Do(root, "DELETE", "/people/ESPGNU777ORG", "").Want(t, http.StatusConflict)
	if a := h.Do(root, "DELETE", "/people/INACTIVE001", "").Want(t, http.StatusNoContent); a.Text != "" {
		t.Errorf("204 with %q", a.Text)
	}
	h.Do(root, "GET", "/people/INACTIVE001", "").Want(t, http.StatusNotFound)
	h.Do(root, "POST", "/people/INACTIVE001", "{}").Want(t, http.StatusCreated)
}
