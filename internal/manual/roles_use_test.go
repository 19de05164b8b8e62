// SPDX-License-Identifier: GPL-3.0-or-later

package manual_test

import (
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/access"
	"thalamus/internal/testhub"
)

// A laboratory is told nothing that it did not send.
func TestTheLaboratoryOfTheManualAddsResultsAndReadsNothing(t *testing.T) {
	t.Parallel()
	h, _ := rolesHub(t, "### A laboratory")
	lab := h.Enrol("ESPLAB001CAN", "laboratory")
	page := postResult(t, h, lab)
	path := "/pols/" + testhub.Ana[0] + "/" + page
	for _, again := range []struct {
		path, body string
		status     int
	}{
		{path, jsonBlocks(t, "resources", resultHeading)[0], http.StatusOK},
		{path, `{"id": "` + page + `", "summary": "another result"}`, http.StatusConflict},
		{"/pols/NOBODY/other", `{"id": "other"}`, http.StatusNotFound},
		{"/pols/" + testhub.Other[0] + "/other", `{"id": "other", "summary": "of anybody"}`, http.StatusCreated},
		{"/personal_docs/" + testhub.Ana[0] + "/" + testhub.BirthPage + "?id=d", "%PDF-1.4", http.StatusCreated},
	} {
		a := h.Do(lab, "POST", again.path, again.body).Want(t, again.status)
		if a.StatusCode < 300 && (a.Text != "{}" || a.Header.Get("Location") == "" || a.Header.Get("ETag") == "") {
			t.Errorf("%s: %v %s", again.path, a.Header, a.Text)
		}
		if strings.Contains(a.Text, "Blood count") {
			t.Errorf("%s tells of what is stored: %s", again.path, a.Text)
		}
	}
}

func TestTheNodeOfTheManualHearsOfEverything(t *testing.T) {
	t.Parallel()
	h, _ := rolesHub(t, "### A node that follows the feed")
	node := h.Enrol("ESPNOD001EXA", "node")
	changes := h.Do(node, "GET", "/changes?limit=1000", "").Want(t, http.StatusOK).Text
	for _, resource := range []string{"person", "page", "document", "unit", "institution"} {
		if !strings.Contains(changes, `"resource":"`+resource+`"`) {
			t.Errorf("it hears of no %s", resource)
		}
	}
	h.Do(node, "GET", "/personal_docs/"+testhub.Ana[0]+"/"+testhub.BirthPage+"/8789981f-4e31-48d5-8eb8-1774dac8b8f6", "").Want(t, http.StatusOK)
}

func TestTheFeedAndItsRecordsAreGrantedByOneRole(t *testing.T) {
	t.Parallel()
	policy, _, err := access.Parse([]byte(`[{"role": "a", "permissions": {"GET": ["changes"], "global": "True"}},
		{"role": "b", "permissions": {"GET": ["page"], "global": "True"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	h := testhub.Quick(t, func(o *testhub.Options) { o.Policy = policy })
	a := h.Do(h.Enrol("ESPTWO001EXA", "a", "b"), "GET", "/changes", "").Want(t, http.StatusOK)
	if !strings.Contains(a.Text, `"changes":[]`) {
		t.Errorf("it shows %.300s", a.Text)
	}
}

func TestTheCivilOfficeOfTheManualKeepsPersonsAndUnits(t *testing.T) {
	t.Parallel()
	h, _ := rolesHub(t, "### A civil office")
	office := h.Enrol("ESPCIV001EXA", "civil_office")
	born, ana := "/people/ESPBAB001NEW", "/people/"+testhub.Ana[0]
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", born, `{"name": "Luz", "lastname": "Betz", "dob": "2026-06-03", "du": "DU2"}`, http.StatusCreated},
		{"POST", "/people/ESPBAB002NEW", `{"name": "Sol", "roles": ["civil_office"]}`, http.StatusForbidden},
		{"POST", "/domiciliary-units/DU2", `{"name": "Calle de la Salvia 14"}`, http.StatusCreated},
		{"PATCH", "/domiciliary-units/DU2", `{"bedrooms": 3}`, http.StatusOK},
		{"PATCH", ana, `{"lastname": "Betz Quintana", "deceased": true, "dod": "2026-06-04"}`, http.StatusOK},
		{"PATCH", ana, `{"active": false}`, http.StatusForbidden},
		{"PATCH", ana, `{"roles": ["civil_office"]}`, http.StatusForbidden},
		{"PATCH", ana, `{"password": "another one"}`, http.StatusForbidden},
		{"PATCH", born, `{"password": "another one"}`, http.StatusForbidden},
		{"DELETE", born, "", http.StatusForbidden},
		{"GET", "/people?q=luz+betz", "", http.StatusOK},
		{"GET", "/pols/" + testhub.Ana[0], "", http.StatusForbidden},
	} {
		h.Do(office, c.method, c.path, c.body).Want(t, c.status)
	}
}

func TestTheAuditorOfTheManualSeesWhoHasRead(t *testing.T) {
	t.Parallel()
	h, copyLines := rolesHub(t, "### An auditor")
	auditor := h.Enrol("ESPAUD001EXA", "auditor")
	h.Do(testhub.Other, "GET", "/pols/"+testhub.Ana[0], "").Want(t, http.StatusForbidden)
	copyLines()
	path := "/people/" + testhub.Ana[0] + "/access"
	for _, want := range []string{testhub.Other[0], auditor[0]} {
		lines := h.Do(auditor, "GET", path, "").Want(t, http.StatusOK).Text
		if !strings.Contains(lines, `"account":"`+want+`"`) || !strings.Contains(lines, `"address":"127.0.0.1"`) {
			t.Errorf("%s is not in %s", want, lines)
		}
		copyLines()
	}
}

func TestTheStatisticianOfTheManualSeesInstitutionsAndCounts(t *testing.T) {
	t.Parallel()
	h, _ := rolesHub(t, "### A statistician")
	statistician := h.Enrol("ESPSTA001EXA", "statistician")
	all := h.Do(statistician, "GET", "/institutions", "").Want(t, http.StatusOK).Text
	for _, query := range []string{"", "?subject=person", "?by=institution,month,kind"} {
		all += h.Do(statistician, "GET", "/statistics"+query, "").Want(t, http.StatusOK).Text
	}
	if strings.Contains(all, testhub.Ana[0]) || strings.Contains(all, "Betz") {
		t.Errorf("it sees a person: %s", all)
	}
	for _, path := range []string{"/people", "/changes", "/people/" + testhub.Ana[0], "/pols/" + testhub.Ana[0], "/domiciliary-units"} {
		h.Do(statistician, "GET", path, "").Want(t, http.StatusForbidden)
	}
}
