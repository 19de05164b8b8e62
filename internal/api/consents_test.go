// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"thalamus/internal/testhub"
)

const anaConsents = "/people/ESPGNU777ORG/consents"

// say makes a statement for Ana, and gives the path of it.
func (h *hub) say(scope, who, effect string) (path string) {
	h.T.Helper()
	body := `{"scope": "` + scope + `", "who": "` + who + `", "effect": "` + effect + `"}`
	return h.Do(ana, "POST", anaConsents, body).Want(h.T, http.StatusCreated).Header.Get("Location")
}

// The first story: psychiatric pages are hidden from one hospital, and its doctors read the rest.
func TestAPatientHidesPagesFromAHospital(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	north, south := h.Enrol("NORTHDOC", "health_professional"), h.Enrol("SOUTHDOC", "health_professional")
	h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('NORTH', '{"name": "North Hospital"}')`)
	h.DB.Exec(`UPDATE people SET data = data || '{"institution": "NORTH"}' WHERE id = 'NORTHDOC'`)
	for id, more := range map[string]string{"psy": `"domain": "psychosocial"`, "own": `"domain": "psychosocial", "node": "North Hospital"`, "lab": `"domain": "medical"`} {
		h.Do(ana, "POST", "/pols/"+ana[0]+"/"+id, `{"id": "`+id+`", `+more+`}`).Want(t, http.StatusCreated)
	}

	path := h.say("domain:psychosocial", "NORTH", "deny")
	for id, want := range map[string]int{"psy": http.StatusNotFound, "own": http.StatusOK, "lab": http.StatusOK} {
		h.Do(north, "GET", "/pols/"+ana[0]+"/"+id, "").Want(t, want)
		h.Do(south, "GET", "/pols/"+ana[0]+"/"+id, "").Want(t, http.StatusOK)
		h.Do(ana, "GET", "/pols/"+ana[0]+"/"+id, "").Want(t, http.StatusOK)
	}

	h.Do(ana, "DELETE", path, "").Want(t, http.StatusNoContent)
	h.Do(ana, "DELETE", path, "").WantError(t, http.StatusNotFound)
	h.Do(north, "GET", "/pols/"+ana[0]+"/psy", "").Want(t, http.StatusOK)
	if all := h.Do(ana, "GET", anaConsents, "").Items(t); len(all) != 1 || !strings.Contains(all[0], `"ended_by":"ESPGNU777ORG"`) {
		t.Errorf("the list has %s", all)
	}
}

func TestAStatementIsAnsweredAsItIsStored(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond).Format("2006-01-02T15:04:05.000000Z")
	for _, c := range []struct{ body, scope, who string }{
		{`{"scope": "*", "who": "*", "effect": "permit"}`, "*", "*"},
		{`{"scope": "` + birthPage + `", "who": "` + testhub.Small(cameron) + `", "effect": "deny", "until": "` + until + `"}`, "page:" + birthPage, "account:" + cameron[0]},
		{`{"scope": " page:` + birthPage + ` ", "who": "account:nobody at all", "effect": "deny"}`, "page:" + birthPage, "account:NOBODY AT ALL"},
	} {
		first := h.Do(ana, "POST", anaConsents, c.body).Want(t, http.StatusCreated)
		said := first.Fields(t)
		if said["scope"] != c.scope || said["who"] != c.who || said["account"] != ana[0] {
			t.Errorf("%s: %s", c.body, first.Text)
		}
		if again := h.Do(ana, "POST", anaConsents, c.body).Want(t, http.StatusOK); again.Text != first.Text || again.Lead() != first.Lead() {
			t.Errorf("again: %s at %s", again.Text, again.Lead())
		}
	}
	a := h.Do(ana, "GET", anaConsents+"?limit=2", "").Want(t, http.StatusOK)
	if next := h.Do(ana, "GET", a.Next(t), "").Items(t); len(a.Items(t)) != 2 || len(next) != 1 || !strings.Contains(a.Text, until) {
		t.Errorf("%s, then %s", a.Text, next)
	}
}

func TestAStatementThatSaysNothingIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(root, "POST", "/people/NOBODY/consents", `{"scope": "*", "who": "*", "effect": "deny"}`).WantError(t, http.StatusNotFound)
	for _, body := range []string{
		`{}`, `{"scope": "*", "who": "*"}`, `{"scope": "*", "effect": "deny"}`, `{"who": "*", "effect": "deny"}`, `{"scope": 7, "who": "*", "effect": "deny"}`,
		`{"scope": "*", "who": "*", "effect": "act"}`, `{"scope": "*", "who": "institution:NOWHERE", "effect": "deny"}`, `{"scope": "page:none", "who": "*", "effect": "deny"}`,
		`{"scope": "no-such-page", "who": "*", "effect": "deny"}`, `{"scope": "domain:", "who": "*", "effect": "deny"}`,
		`{"scope": "*", "who": "*", "effect": "deny", "until": "2020-01-01T00:00:00Z"}`, `{"scope": "*", "who": "*", "effect": "deny", "until": "tomorrow"}`,
		`{"scope": "*", "who": "*", "effect": "deny", "until": 7}`, `{"scope": "*", "who": "*", "effect": "deny", "until": "2030-01-01T00:00:00"}`,
		`{"scope": "*", "who": "` + strings.Repeat("x", 2000) + `", "effect": "deny"}`,
	} {
		h.Do(ana, "POST", anaConsents, body).WantError(t, http.StatusUnprocessableEntity)
	}
	h.Do(ana, "POST", anaConsents, `[]`).WantError(t, http.StatusUnprocessableEntity)
	h.Do(ana, "POST", anaConsents, `{`).WantError(t, http.StatusBadRequest)
}

func TestOnlyAFewHundredStatementsAreInForce(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect) SELECT n::text, $1, '*', 'account:' || n, 'deny' FROM generate_series(1, 200) AS n`, ana[0])
	h.Do(ana, "POST", anaConsents, `{"scope": "*", "who": "*", "effect": "deny"}`).WantError(t, http.StatusUnprocessableEntity)
	h.Do(ana, "DELETE", anaConsents+"/7", "").Want(t, http.StatusNoContent)
	h.say("*", "*", "deny")
}
