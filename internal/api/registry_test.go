// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"testing"
)

// Units and institutions keep the same rules.
func TestTheLifeOfARegistryRecord(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, list := range []string{"/domiciliary-units", "/institutions"} {
		path := list + "/new%20One"
		h.Do(root, "GET", path, "").Want(t, http.StatusNotFound)
		h.Do(root, "PATCH", path, "{}").Want(t, http.StatusNotFound)
		h.Do(root, "DELETE", path, "").Want(t, http.StatusNotFound)

		a := h.Do(root, "POST", path, `{"city":"Ñ","lat":28.10}`).Want(t, http.StatusCreated)
		if a.Header.Get("Location") != path || a.Text != `{"id": "new One", "lat": 28.10, "city": "Ñ"}` {
			t.Errorf("created %s at %s", a.Text, a.Header.Get("Location"))
		}
		h.Do(root, "POST", path, `{"city":"Ñ","lat":28.1,"id":"new One"}`).Want(t, http.StatusOK)
		h.Do(root, "POST", path, `{"city":"N"}`).Want(t, http.StatusConflict)

		h.Do(root, "PATCH", path, `{"id":"new One","city":null}`).Want(t, http.StatusOK)
		h.Do(root, "POST", path, `{"city":"Ñ","lat":28.1}`).Want(t, http.StatusOK) // as created
		h.Do(root, "POST", path, `{"city":null,"lat":28.1}`).Want(t, http.StatusOK)
		if a := h.Do(root, "GET", path, ""); a.Text != `{"id": "new One", "lat": 28.10, "city": null}` {
			t.Errorf("stored %s", a.Text)
		}

		if a := h.Do(root, "DELETE", path, "").Want(t, http.StatusNoContent); a.Text != "" {
			t.Errorf("204 with %q", a.Text)
		}
		h.Do(root, "GET", path, "").Want(t, http.StatusNotFound)
		h.Do(root, "DELETE", path, "").Want(t, http.StatusNotFound)
	}
}

func TestTheIdOfARegistryRecordIsTheOneOfThePath(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, list := range []string{"/domiciliary-units", "/institutions"} {
		for _, body := range []string{`{"id":"OTHER"}`, `{"id":"X1"}`, `{"id":null}`, `{"id":1}`, `{"\u0069d":"y"}`} {
			h.Do(root, "POST", list+"/x1", body).Want(t, http.StatusUnprocessableEntity)
		}
		h.Do(root, "POST", list+"/x1", `{"id":"x1"}`).Want(t, http.StatusCreated) // not upper-cased
		h.Do(root, "POST", list+"/X1", `{"id":"X1","other":1}`).Want(t, http.StatusCreated)
		h.Do(root, "PATCH", list+"/x1", `{"id":"X1"}`).Want(t, http.StatusUnprocessableEntity)
		h.Do(root, "GET", list+"/x1", "").Want(t, http.StatusOK)
	}
}

func TestRegistriesListTheirRecords(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO institutions VALUES ('A1', '{"id":"A1"}'), ('NULL1', NULL), ('LIST1', '[1]'); DELETE FROM dus`)
	const want = `[[{"id": "A1"}],[{"id": "INST1", "name": "Gral Hospital"}]]`
	if a := h.Do(other, "GET", "/institutions", "").Want(t, http.StatusOK); a.Text != want {
		t.Errorf("institutions: %s", a.Text)
	}
	if a := h.Do(root, "GET", "/domiciliary-units", "").Want(t, http.StatusOK); a.Text != "[]" {
		t.Errorf("no units: %s", a.Text)
	}
	h.Do(root, "GET", "/institutions/NULL1", "").Want(t, http.StatusNotFound)
	h.Do(root, "PATCH", "/institutions/LIST1", "{}").Want(t, http.StatusUnprocessableEntity)
	h.Do(root, "PATCH", "/institutions/NULL1", `{"id":"NULL1"}`).Want(t, http.StatusOK)
}
