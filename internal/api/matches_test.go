// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func newMatchHub(t *testing.T) *hub {
	t.Helper()
	h := quickHub(t)
	h.db.Exec(`INSERT INTO people (id, data) VALUES
		('M1', '{"id": "M1", "name": "Zacharias", "lastname": "Quintero", "dob": "1881-02-03", "gender": "m", "du": "D", "password": "secret"}'),
		('M2', '{"id": "M2", "name": "Quintero", "lastname": "Zacharias", "dob": "1881-03-02"}'),
		('M"3', '{"id": "M\"3", "name": "Zahcarias", "lastname": "Quintero", "dob": "1881-02-03", "gender": "m", "du": "D"}'),
		('M4', '{"id": "M4", "name": "Xaver", "lastname": "Quintero", "dob": "1881-02-03", "gender": "m", "du": "D"}'),
		('NULL', NULL)`)
	return h
}

func TestMatchesOfAPersonAreTheMostProbableFirst(t *testing.T) {
	t.Parallel()
	h := newMatchHub(t)
	a := h.do(cameron, "GET", "/people/M1/matches", "").want(t, http.StatusOK)
	want := regexp.MustCompile(`^\[\[{"person":"M2","score":0.9\d{3},"parts":{"names":1.00,"birth":0.80,"gender":null,"household":null}}\],` +
		`\[{"person":"M\\"3","score":0.9\d{3},"parts":{"names":0.95,"birth":1.00,"gender":1.00,"household":1.00}}\]\]$`)
	if !want.MatchString(a.body) {
		t.Errorf("got %s", a.body)
	}
	if a := h.do(cameron, "GET", "/people/M2/matches?limit=1&bare", "").want(t, http.StatusOK); !strings.HasPrefix(a.body, `[[{"person":"M1",`) || strings.Count(a.body, "person") != 1 {
		t.Errorf("got %s", a.body)
	}
	if a := h.do(root, "GET", "/people/M4/matches", "").want(t, http.StatusOK); a.body != "[]" {
		t.Errorf("got %s", a.body)
	}
}

func TestMatchesAreForWhoReachesEverybody(t *testing.T) {
	t.Parallel()
	h := newMatchHub(t)
	h.do(h.enrol("M5", "end_user"), "GET", "/people/M5/matches", "").want(t, http.StatusForbidden)
	h.do(nobody, "GET", "/people/M1/matches", "").want(t, http.StatusUnauthorized)
	for _, id := range []string{"NOBODY", "NULL", "a%00"} {
		h.do(cameron, "GET", "/people/"+id+"/matches", "").want(t, http.StatusNotFound)
	}
}

func TestMatchesTakeALimitOnly(t *testing.T) {
	t.Parallel()
	h := newMatchHub(t)
	for _, query := range []string{"limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "q=Zacharias", "threshold=0", "limit=1;2", "%zz=1"} {
		a := h.do(cameron, "GET", "/people/M1/matches?"+query, "").want(t, http.StatusUnprocessableEntity)
		if strings.Contains(a.body, "Zacharias") {
			t.Errorf("%s: %s", query, a.body)
		}
	}
}
