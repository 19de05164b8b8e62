// SPDX-License-Identifier: GPL-3.0-or-later

package fhir_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// Whether there is such a record is nothing that a refusal tells.
func TestARefusalIsTheSameWhetherOrNotThereIsTheRecord(t *testing.T) {
	t.Parallel()
	h := bookHub(t)
	for _, c := range []struct{ there, none string }{
		{"/fhir/Patient/XA", "/fhir/Patient/NONE"}, {"/fhir/Patient/XA/_history", "/fhir/Patient/NONE/_history"}, {"/fhir/Observation/p1.-0hr", "/fhir/Observation/none"},
		{"/fhir/Observation/p1.-0hr", "/fhir/Observation/a_b"}, {"/fhir/Condition/p1", "/fhir/Condition/none"}, {"/fhir/DocumentReference/d1", "/fhir/DocumentReference/none"},
		{"/fhir/Observation?patient=XA", "/fhir/Observation?patient=NONE"}, {"/fhir/DocumentReference?patient=XA", "/fhir/DocumentReference?patient=NONE"},
		{"/fhir/Observation?patient=XA", "/fhir/Observation?patient=..00000000000000000000000000000000"},
	} {
		there, none := h.Do(ana, "GET", c.there, ""), h.Do(ana, "GET", c.none, "")
		if diagnostics(t, there, http.StatusForbidden) != diagnostics(t, none, http.StatusForbidden) {
			t.Errorf("%s: %s, and %s: %s", c.there, there.Text, c.none, none.Text)
		}
		diagnostics(t, h.Do(nobody, "GET", c.there, ""), http.StatusUnauthorized)
	}
}

// The line of a read names the person and the page as every other line does.
func TestEachReadHasItsLine(t *testing.T) {
	t.Parallel()
	recorded, l := testhub.Recorded(t)
	h := &hub{recorded}
	h.page(ana[0], "p_1", `{"measurements": [{"hr": 60}]}`)
	h.Do(root, "POST", "/personal_docs/ESPGNU777ORG/p_1?id=d_1", "bytes").Want(t, http.StatusCreated)
	l.Take()
	for path, want := range map[string]string{
		"/fhir/Patient/ESPGNU777ORG": "GET person ESPGNU777ORG 200", "/fhir/Patient/ESPGNU777ORG/_history": "GET history ESPGNU777ORG 200",
		"/fhir/Patient/ESPGNU777ORG/_history/1": "GET history ESPGNU777ORG 200", "/fhir/Patient?_id=ESPGNU777ORG": "GET people 200",
		"/fhir/Observation?patient=ESPGNU777ORG": "GET book ESPGNU777ORG 200", "/fhir/Observation/p.5F1.-0hr": "GET page ESPGNU777ORG p_1 200",
		"/fhir/DocumentReference?patient=ESPGNU777ORG": "GET personaldocs ESPGNU777ORG 200", "/fhir/DocumentReference/d.5F1": "GET document ESPGNU777ORG d_1 200",
		"/fhir/Patient/NONE": "GET person NONE 404", "/fhir/Observation/none": "GET page none 404",
	} {
		got := strings.Join(strings.Fields(l.One(t, h.Do(cameron, "GET", path, ""))), " ")
		if got = strings.TrimPrefix(got, "ITAPYT999HON health_professional "); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	form := l.One(t, h.form(cameron, "/fhir/Observation/_search", "patient=ESPGNU777ORG"))
	if got := strings.Join(strings.Fields(form), " "); got != "ITAPYT999HON health_professional POST book ESPGNU777ORG 200" {
		t.Errorf("a form: %s", got)
	}
	l.FailWith(errors.New("full"))
	diagnostics(t, h.form(cameron, "/fhir/Observation/_search", "patient=ESPGNU777ORG"), http.StatusServiceUnavailable)
}
