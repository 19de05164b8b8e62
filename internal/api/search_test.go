// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

func newSearchHub(t *testing.T) *hub {
	t.Helper()
	h := quickHub(t, func(o *testhub.Options) {
		o.SearchFields, o.Record = []string{"gender"}, &testhub.AccessRecord{Asked: true}
	})
	h.DB.Exec(`INSERT INTO people (id, data) VALUES
		('S1', '{"id": "S1", "name": "Zacharias", "lastname": "Quintero", "dob": "1881-02-03", "gender": "m", "password": "secret"}'),
		('S2', '{"id": "S2", "name": "Zacharias", "lastname": "Quintana", "dob": "1882-02-03", "gender": "f", "deceased": true}')`)
	h.DB.Exec(`INSERT INTO people (id, data) SELECT 'X' || n, jsonb_build_object('id', 'X' || n, 'name', 'Xanthippe') FROM generate_series(1, 30) AS n`)
	h.DB.Exec(`SELECT thalamus_publish(), thalamus_learn()`)
	h.DB.Exec(`SELECT thalamus_learn()`)
	return h
}

// idsOf reads [[{...}],...].
func idsOf(t *testing.T, body string) string {
	t.Helper()
	var list [][]struct{ ID string }
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		t.Fatal(err, body)
	}
	var ids []string
	for _, item := range list {
		ids = append(ids, item[0].ID)
	}
	return strings.Join(ids, " ")
}

func TestPersonsAreSearchedFor(t *testing.T) {
	t.Parallel()
	h := newSearchHub(t)
	for query, want := range map[string]string{
		"q=zahcarias+quintero":                  "S1 S2",
		"q=zahcarias+quintero&limit=1":          "S1",
		"q=zacharias&gender=f":                  "S2",
		"q=zacharias&deceased=false":            "S1",
		"q=zacharias&active=true&dob=1882-02":   "S2",
		"q=zacharias&dob=1881..1882&limit=1000": "S1 S2",
		"q=zacharias&active=false":              "",
		"dob=1882-02-03":                        "S2",
		"dob=..1882":                            "S1 S2",
		"dob=1881-02-04..1899":                  "S2",
		"gender=m&dob=1800..1899&bare":          "S1",
		"dob=1800..1899&limit=1&bare":           "S1",
		"q=nobody&score=1":                      "",
	} {
		t.Run(query, func(t *testing.T) {
			a := h.Do(cameron, "GET", "/people?"+query, "").Want(t, http.StatusOK)
			if got := idsOf(t, a.Text); got != want || strings.Contains(a.Text, "secret") {
				t.Errorf("%s: got %s, want %s", query, got, want)
			}
		})
	}
	a := h.Do(cameron, "GET", "/people?q=xantippe", "").Want(t, http.StatusOK)
	if n := len(strings.Fields(idsOf(t, a.Text))); n != 20 {
		t.Errorf("%d persons without a limit", n)
	}
}

func TestAScoreWrapsAPerson(t *testing.T) {
	t.Parallel()
	h := newSearchHub(t)
	const want = `[[{"score":1.0000,"person":{"id": "S1", "dob": "1881-02-03", "name": "Zacharias", "gender": "m", "lastname": "Quintero"}}]]`
	if a := h.Do(cameron, "GET", "/people?q=Zacharias+Quintero&score=1&limit=1", "").Want(t, http.StatusOK); a.Text != want {
		t.Errorf("got %s", a.Text)
	}
}

// The words of a search are in no log and in no sentence.
func TestASearchThatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	h := newSearchHub(t)
	for _, query := range []string{
		"q=--", "q=%20", "q=", "q", "gender=m&q=", "dob=", "gender=", "name=Zzyzx", "password=Zzyzx", "roles=Zzyzx", "marital_status=Zzyzx", "q=%FFZzyzx", "q=Zzyzx%00",
		"q=" + strings.Repeat("Zzyzx", 41), "q=" + strings.Repeat("Zzyzx+", 101), "q=" + strings.Repeat("a+", 32) + "Zzyzx", "q=a&q=Zzyzx", "q=Zzyzx%zz", "q=Zzyzx;a",
		"limit=0", "limit=1001", "limit=Zzyzx", "limit=-1", "score=1", "q=a&score=Zzyzx", "active=Zzyzx", "deceased=1",
		"dob=Zzyzx", "dob=..", "dob=1992..1990", "dob=1990-13", "dob=1990-02-30", "dob=1990..Zzyzx", "dob=0000",
	} {
		a := h.Do(cameron, "GET", "/people?"+query, "").Want(t, http.StatusUnprocessableEntity)
		if strings.Contains(a.Text, "Zzyzx") {
			t.Errorf("%s: %s", query, a.Text)
		}
		h.Do(cameron, "HEAD", "/people?"+query, "").Want(t, http.StatusUnprocessableEntity)
	}
	h.Do(cameron, "GET", "/people?q=Zzyzx", "").Want(t, http.StatusOK)
	h.Do(cameron, "GET", "/people?q="+strings.Repeat("zacharias+", 31)+"quintero", "").Want(t, http.StatusOK)
	h.Do(ana, "GET", "/people?q=Zzyzx", "").Want(t, http.StatusForbidden)
	h.Do(nobody, "GET", "/people?q=Zzyzx", "").Want(t, http.StatusUnauthorized)
	if strings.Contains(h.Log.String(), "Zzyzx") {
		t.Error("the log has what was searched for")
	}
}

func TestASearchHas200Characters(t *testing.T) {
	t.Parallel()
	h := newSearchHub(t)
	for n, want := range map[int]int{200: http.StatusOK, 201: http.StatusUnprocessableEntity} {
		h.Do(cameron, "GET", "/people?q="+strings.Repeat("%C3%B1", n), "").Want(t, want)
	}
}
