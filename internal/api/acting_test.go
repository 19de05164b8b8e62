// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/access"
	"thalamus/internal/testhub"
)

// letAct has an account act for Ana, as the registrar writes it down, and gives the path of the statement.
func (h *hub) letAct(account []string) (path string) {
	h.T.Helper()
	body := `{"scope": "*", "who": "` + account[0] + `", "effect": "act", "until": "2099-01-01T00:00:00Z"}`
	return h.Do(root, "POST", anaConsents, body).Want(h.T, http.StatusCreated).Header.Get("Location")
}

// endActing is the day after what lets anybody act.
func (h *hub) endActing() {
	h.DB.Exec(`UPDATE thalamus_consents SET until = now() WHERE effect = 'act'`)
}

// actingReads are the rows, besides those of FHIR and the portal, in which a mother reads what others do not.
var actingReads = []string{
	"GET /people/{person}", "GET /people/{person}/access", "GET /people/{person}/history",
	"GET /personal_docs/{person}", "GET /personal_docs/{person}/{page}", "GET /personal_docs/{person}/{page}/{document}",
	"GET /pols/{person}", "GET /pols/{person}/{page}", "GET /pols/{person}/{page}/history",
}

// Whoever acts for a person reads, and neither writes nor learns what she says about others.
func TestWhoActsForAPersonReadsAsTheOwner(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	mother := h.Enrol("MOTHER", "end_user")
	acts := matrixCaller{"acts", mother, ana[0], false}
	before := h.admissions(acts)
	h.letAct(mother)
	var opened []string
	for row, admission := range h.admissions(acts) {
		switch {
		case admission == before[row]:
		case before[row] != "403" || admission != "yes":
			t.Errorf("%s was %s and is %s", row, before[row], admission)
		case !strings.Contains(row, "/fhir/") && !strings.Contains(row, "/portal/"):
			opened = append(opened, row)
		case !strings.HasPrefix(row, "GET ") && !strings.HasSuffix(row, "/_search"):
			t.Errorf("%s writes", row)
		}
	}

	slices.Sort(opened)
	if diff := cmp.Diff(actingReads, opened); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	h.endActing()
	if diff := cmp.Diff(before, h.admissions(acts)); diff != "" {
		t.Errorf("the day after:\n%s", diff)
	}
}

// admissions tell how far a caller comes in each row of the route table.
func (h *hub) admissions(c matrixCaller) map[string]string {
	found := map[string]string{}
	for _, row := range h.Every() {
		if row.Endpoint == access.Public {
			continue
		}
		found[row.Method+" "+row.Pattern] = c.admission(h, row)
	}
	return found
}

// A mother reads for her child until the day the statement ends, whatever is withheld from everybody.
func TestAMotherReadsForHerChild(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	mother, aunt := h.Enrol("MOTHER", "end_user"), h.Enrol("AUNT", "end_user")
	path := h.letAct(mother)
	h.say("*", "*", "deny")
	h.Do(cameron, "POST", anaEmergency, accident).Want(t, http.StatusCreated)

	reads := []string{ // a book in partitions has no order of its own
		"/people/" + ana[0], "/pols/" + ana[0] + "?order=asc", "/pols/" + ana[0] + "?limit=1", anaBirth, anaBirth + "?version=1", anaBirth + "/history", "/personal_docs/" + ana[0],
		"/changes?person=" + ana[0], "/emergencies?person=" + ana[0], "/fhir/Patient/" + ana[0], "/fhir/Patient/" + ana[0] + "/$everything",
	}
	for _, read := range reads {
		as := h.Do(mother, "GET", read, "").Want(t, http.StatusOK)
		if own := h.Do(ana, "GET", read, "").Want(t, http.StatusOK); as.Comparable() != own.Comparable() {
			t.Errorf("%s: she reads %s, the child %s", read, as.Text, own.Text)
		}
		h.Do(aunt, "GET", read, "").Want(t, http.StatusForbidden)
		h.Do(mother, "GET", strings.ReplaceAll(read, ana[0], other[0]), "").Want(t, http.StatusForbidden)
	}
	for write, body := range map[string]string{
		"PATCH /people/" + ana[0]: `{"x": 1}`, "PATCH " + anaBirth: `{"x": 1}`, "POST /pols/" + ana[0] + "/new": `{"id": "new"}`,
		"POST " + anaConsents: `{"scope": "*", "who": "AUNT", "effect": "permit"}`, "DELETE " + path: ``, "POST /password/" + ana[0]: `password=mothers own&pconfirm=mothers own`,
		"GET " + anaConsents: ``, "GET /password/" + ana[0]: ``,
	} {
		method, path, _ := strings.Cut(write, " ")
		h.Do(mother, method, path, body).Want(t, http.StatusForbidden)
	}

	h.endActing()
	for _, read := range reads {
		h.Do(mother, "GET", read, "").Want(t, http.StatusForbidden)
	}
}

// What a minor marks private, or denies by herself, is not shown to who acts for her.
func TestAMinorKeepsPagesToHerself(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	mother := h.Enrol("MOTHER", "end_user")
	h.letAct(mother)
	for _, id := range []string{"private", "denied", "permitted", "registrars"} {
		h.Do(ana, "POST", "/pols/"+ana[0]+"/"+id, `{"id": "`+id+`"}`).Want(t, http.StatusCreated)
	}
	for _, id := range []string{"private", "permitted"} {
		h.Do(ana, "PATCH", "/pols/"+ana[0]+"/"+id, `{"privacy": true}`).Want(t, http.StatusOK)
	}
	h.say("page:permitted", "MOTHER", "permit")
	h.say("page:denied", "*", "deny")
	h.Do(root, "POST", anaConsents, `{"scope": "page:registrars", "who": "*", "effect": "deny"}`).Want(t, http.StatusCreated)

	for id, want := range map[string]int{"private": http.StatusNotFound, "denied": http.StatusNotFound, "permitted": http.StatusOK, "registrars": http.StatusOK} {
		h.Do(mother, "GET", "/pols/"+ana[0]+"/"+id, "").Want(t, want)
		h.Do(ana, "GET", "/pols/"+ana[0]+"/"+id, "").Want(t, http.StatusOK)
	}
	for _, list := range []string{"/pols/" + ana[0], "/changes?person=" + ana[0], "/people/" + ana[0] + "/history", "/fhir/Patient/" + ana[0] + "/$everything"} {
		if text := h.Do(mother, "GET", list, "").Want(t, http.StatusOK).Text; strings.Contains(text, `"private"`) || strings.Contains(text, `"denied"`) {
			t.Errorf("%s has %s", list, text)
		}
	}
}

// Only a registrar says who acts, and only of accounts that there are.
func TestWhoMaySayWhoActs(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	body := func(scope, who string) string {
		return `{"scope": "` + scope + `", "who": "` + who + `", "effect": "act"}`
	}
	for _, account := range [][]string{ana, cameron, other} {
		h.Do(account, "POST", anaConsents, body("*", other[0])).Want(t, http.StatusForbidden)
	}
	for _, wrong := range []string{body("*", "*"), body("*", "NOBODY"), body("*", "institution:GNUHOSP"), body("domain:medical", other[0]), body("page:"+birthPage, other[0]), body("*", ana[0])} {
		h.Do(root, "POST", anaConsents, wrong).WantError(t, http.StatusUnprocessableEntity)
	}

	path := h.Do(root, "POST", anaConsents, body("*", testhub.Small(other))).Want(t, http.StatusCreated).Header.Get("Location")
	h.Do(other, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	h.Do(ana, "DELETE", path, "").WantError(t, http.StatusForbidden)
	h.Do(other, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	h.Do(root, "DELETE", path, "").Want(t, http.StatusNoContent)
	h.Do(other, "GET", "/people/"+ana[0], "").Want(t, http.StatusForbidden)
	h.Do(root, "DELETE", path, "").WantError(t, http.StatusNotFound)
}

// The line says whom the account read about, and by which role.
func TestTheAccessRecordSaysForWhomSomebodyActs(t *testing.T) {
	t.Parallel()
	record := &recorder{}
	h := quickHub(t, func(o *testhub.Options) { o.Record = record })
	mother := h.Enrol("MOTHER", "end_user")
	h.letAct(mother)
	record.Reset()
	h.Do(mother, "GET", anaBirth, "").Want(t, http.StatusOK)
	if line := record.String(); !strings.Contains(line, `"account":"MOTHER","roles":["end_user"],"method":"GET","endpoint":"page","person":"`+ana[0]+`"`) || !strings.Contains(line, `"purpose":"FAMRQT"`) {
		t.Errorf("the record has %s", line)
	}
}
