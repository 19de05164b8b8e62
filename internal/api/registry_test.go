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
		h.do(root, "GET", path, "").want(t, http.StatusNotFound)
		h.do(root, "PATCH", path, "{}").want(t, http.StatusNotFound)
		h.do(root, "DELETE", path, "").want(t, http.StatusNotFound)

		a := h.do(root, "POST", path, `{"city":"Ñ","lat":28.10}`).want(t, http.StatusCreated)
		if a.Header.Get("Location") != path || a.body != `{"id": "new One", "lat": 28.10, "city": "Ñ"}` {
			t.Errorf("created %s at %s", a.body, a.Header.Get("Location"))
		}
		h.do(root, "POST", path, `{"city":"Ñ","lat":28.1,"id":"new One"}`).want(t, http.StatusOK)
		h.do(root, "POST", path, `{"city":"N"}`).want(t, http.StatusConflict)

		h.do(root, "PATCH", path, `{"id":"new One","city":null}`).want(t, http.StatusOK)
		h.do(root, "POST", path, `{"city":"Ñ","lat":28.1}`).want(t, http.StatusOK) // as created
		h.do(root, "POST", path, `{"city":null,"lat":28.1}`).want(t, http.StatusOK)
		if a := h.do(root, "GET", path, ""); a.body != `{"id": "new One", "lat": 28.10, "city": null}` {
			t.Errorf("stored %s", a.body)
		}

		if a := h.do(root, "DELETE", path, "").want(t, http.StatusNoContent); a.body != "" {
			t.Errorf("204 with %q", a.body)
		}
		h.do(root, "GET", path, "").want(t, http.StatusNotFound)
		h.do(root, "DELETE", path, "").want(t, http.StatusNotFound)
	}
}

func TestTheIdOfARegistryRecordIsTheOneOfThePath(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, list := range []string{"/domiciliary-units", "/institutions"} {
		for _, body := range []string{`{"id":"OTHER"}`, `{"id":"X1"}`, `{"id":null}`, `{"id":1}`, `{"\u0069d":"y"}`} {
			h.do(root, "POST", list+"/x1", body).want(t, http.StatusUnprocessableEntity)
		}
		h.do(root, "POST", list+"/x1", `{"id":"x1"}`).want(t, http.StatusCreated) // not upper-cased
		h.do(root, "POST", list+"/X1", `{"id":"X1","other":1}`).want(t, http.StatusCreated)
		h.do(root, "PATCH", list+"/x1", `{"id":"X1"}`).want(t, http.StatusUnprocessableEntity)
		h.do(root, "GET", list+"/x1", "").want(t, http.StatusOK)
	}
}

func TestRegistriesListTheirRecords(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.db.Exec(`INSERT INTO institutions VALUES ('A1', '{"id":"A1"}'), ('NULL1', NULL), ('LIST1', '[1]'); DELETE FROM dus`)
	const want = `[[{"id": "A1"}],[{"id": "INST1", "name": "Gral Hospital"}]]`
	if a := h.do(other, "GET", "/institutions", "").want(t, http.StatusOK); a.body != want {
		t.Errorf("institutions: %s", a.body)
	}
	if a := h.do(root, "GET", "/domiciliary-units", "").want(t, http.StatusOK); a.body != "[]" {
		t.Errorf("no units: %s", a.body)
	}
	h.do(root, "GET", "/institutions/NULL1", "").want(t, http.StatusNotFound)
	h.do(root, "PATCH", "/institutions/LIST1", "{}").want(t, http.StatusUnprocessableEntity)
	h.do(root, "PATCH", "/institutions/NULL1", `{"id":"NULL1"}`).want(t, http.StatusOK)
}
