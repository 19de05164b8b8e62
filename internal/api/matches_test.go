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
	h.DB.Exec(`INSERT INTO people (id, data) VALUES
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
	a := h.Do(cameron, "GET", "/people/M1/matches", "").Want(t, http.StatusOK)
	want := regexp.MustCompile(`^\[\[{"person":"M2","score":0.9\d{3},"parts":{"names":1.00,"birth":0.80,"gender":null,"household":null}}\],` +
		`\[{"person":"M\\"3","score":0.9\d{3},"parts":{"names":0.95,"birth":1.00,"gender":1.00,"household":1.00}}\]\]$`)
	if !want.MatchString(a.Text) {
		t.Errorf("got %s", a.Text)
	}
	if a := h.Do(cameron, "GET", "/people/M2/matches?limit=1&bare", "").Want(t, http.StatusOK); !strings.HasPrefix(a.Text, `[[{"person":"M1",`) || strings.Count(a.Text, "person") != 1 {
		t.Errorf("got %s", a.Text)
	}
	if a := h.Do(root, "GET", "/people/M4/matches", "").Want(t, http.StatusOK); a.Text != "[]" {
		t.Errorf("got %s", a.Text)
	}
}

func TestMatchesAreForWhoReachesEverybody(t *testing.T) {
	t.Parallel()
	h := newMatchHub(t)
	h.Do(h.Enrol("M5", "end_user"), "GET", "/people/M5/matches", "").Want(t, http.StatusForbidden)
	h.Do(nobody, "GET", "/people/M1/matches", "").Want(t, http.StatusUnauthorized)
	for _, id := range []string{"NOBODY", "NULL", "a%00"} {
		h.Do(cameron, "GET", "/people/"+id+"/matches", "").Want(t, http.StatusNotFound)
	}
}

func TestMatchesTakeALimitOnly(t *testing.T) {
	t.Parallel()
	h := newMatchHub(t)
	for _, query := range []string{"limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "q=Zacharias", "threshold=0", "limit=1;2", "%zz=1"} {
		a := h.Do(cameron, "GET", "/people/M1/matches?"+query, "").Want(t, http.StatusUnprocessableEntity)
		if strings.Contains(a.Text, "Zacharias") {
			t.Errorf("%s: %s", query, a.Text)
		}
	}
}
