// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// past is a change as a history shows it.
type past struct {
	Resource, ID, Person, Operation, Time string
	Version                               int64
	Account, Node                         *string
	Data                                  map[string]any
}

// history reads a page of a history.
func (h *hub) history(account []string, path string) (entries []past, a testhub.Answer) {
	h.T.Helper()
	a = h.Do(account, "GET", path, "").Want(h.T, http.StatusOK)
	var list [][]past
	if err := json.Unmarshal([]byte(a.Text), &list); err != nil {
		h.T.Fatalf("%v: %s", err, a.Text)
	}
	for _, one := range list {
		if len(one) != 1 {
			h.T.Fatalf("not an array of one: %s", a.Text)
		}
		entries = append(entries, one[0])
	}
	return entries, a
}

// told gives "version operation account n" of each change.
func told(entries []past) (lines []string) {
	for _, e := range entries {
		who := "-"
		if e.Account != nil {
			who = *e.Account
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintln(e.Version, e.Operation, who, e.Data["n"])))
	}
	return lines
}

const laterPage = "/pols/ESPGNU777ORG/later"

// laterLives makes a page, changes it, deletes it and makes it again.
func (h *hub) laterLives() {
	h.T.Helper()
	h.Do(ana, "POST", laterPage, `{"id": "later", "n": 1, "creation_info": {"node": "phone"}}`).Want(h.T, 201)
	h.Do(cameron, "PATCH", laterPage, `{"n": 2, "modification_info": {"node": "clinic"}}`).Want(h.T, 200)
	h.Do(root, "DELETE", laterPage, "").Want(h.T, 204)
	h.Do(root, "POST", laterPage, `{"id": "later", "n": 4}`).Want(h.T, 201)
	h.DB.Exec(`UPDATE pols SET data = data || '{"n": 5}' WHERE id = 'later'`)
}

func TestAHistoryTellsWhoDidWhat(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.laterLives()
	entries, a := h.history(cameron, laterPage+"/history")
	if diff := cmp.Diff([]string{"5 update - 5", "4 create ARGBUE111FAV 4", "3 delete ARGBUE111FAV <nil>",
		"2 update ITAPYT999HON 2", "1 create ESPGNU777ORG 1"}, told(entries)); diff != "" {
		t.Error(diff)
	}
	shape := regexp.MustCompile(`^\[\[\{"resource":"page","id":"later","person":"ESPGNU777ORG","version":5,"operation":"update",` +
		`"time":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z","account":null,"node":null,"data":\{"n": 5, "id": "later"\}\}\],\[\{`)
	if !shape.MatchString(a.Text) || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s %v", a.Text, a.Header)
	}
	for i, node := range map[int]string{3: "clinic", 4: "phone"} {
		if entries[i].Node == nil || *entries[i].Node != node {
			t.Errorf("node of %d is %v", entries[i].Version, entries[i].Node)
		}
	}
	if when, err := time.Parse(time.RFC3339, entries[0].Time); err != nil || time.Since(when).Abs() > time.Hour {
		t.Errorf("the time is %s", entries[0].Time)
	}
}

func TestAChangedPasswordIsInTheHistoryAndNeverTold(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(ana, "PATCH", "/people/ESPGNU777ORG", `{"n": 2, "password": "a new password"}`).Want(t, 200)
	h.Do([]string{ana[0], "a new password"}, "PATCH", "/people/ESPGNU777ORG", `{"password": "another new one"}`).Want(t, 200)
	me := []string{ana[0], "another new one"}
	entries, a := h.history(me, "/people/ESPGNU777ORG/history")
	want := []string{"2 password ESPGNU777ORG <nil>", "2 password ESPGNU777ORG <nil>", "2 update ESPGNU777ORG 2",
		"1 password - <nil>", "1 create - <nil>"} // quickHub gave the first one
	if diff := cmp.Diff(want, told(entries)); diff != "" {
		t.Error(diff)
	}
	old := h.Do(me, "GET", "/people/ESPGNU777ORG?version=1", "").Want(t, 200)
	for _, text := range []string{a.Text, old.Text} {
		if strings.Contains(text, `"password":`) && !strings.Contains(text, `"operation":"password"`) || strings.Contains(text, "$2") {
			t.Errorf("a password shows: %s", text)
		}
	}
}

func TestAHistoryIsReadInPagesThatStay(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.laterLives()
	var got []string
	for path := laterPage + "/history?limit=2"; path != ""; {
		entries, a := h.history(root, path)
		got = append(got, told(entries)...)
		link := regexp.MustCompile(`^<(/pols/ESPGNU777ORG/later/history\?limit=2&after=[A-Za-z0-9_-]+)>; rel="next"$`).FindStringSubmatch(a.Header.Get("Link"))
		if path = ""; link != nil {
			path = link[1]
			if head := h.Do(root, "HEAD", path, "").Want(t, 200); head.Text != "" {
				t.Errorf("HEAD has the body %s", head.Text)
			}
		} else if a.Header.Get("Link") != "" {
			t.Errorf("Link: %s", a.Header.Get("Link"))
		}
		h.Do(root, "PATCH", laterPage, fmt.Sprintf(`{"n": %d}`, 100+len(got))).Want(t, 200)
	}
	if diff := cmp.Diff([]string{"5 update - 5", "4 create ARGBUE111FAV 4", "3 delete ARGBUE111FAV <nil>",
		"2 update ITAPYT999HON 2", "1 create ESPGNU777ORG 1"}, got); diff != "" {
		t.Error(diff)
	}
	if link := h.Do(root, "HEAD", laterPage+"/history?limit=1", "").Want(t, 200).Header.Get("Link"); link == "" {
		t.Error("HEAD has no Link")
	}
	h.Do(root, "HEAD", "/pols/ESPGNU777ORG/none/history", "").Want(t, 404)
}

func TestWrongQueriesOfAHistoryAreRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, query := range []string{
		"limit=0", "limit=-1", "limit=1001", "limit=1000000000", "limit=", "limit", "limit=2&limit=3", "limit=1e2", "limit=99999999999999999999",
		"after=", "after=x", "after=MS4w", "after=" + strings.Repeat("A", 5000), "after=LTEuMA", "after=%00", "after=%zz", "lmit=2", "since=x",
	} {
		a := h.Do(ana, "GET", "/people/ESPGNU777ORG/history?"+query, "").Want(t, 422)
		if a.Header.Get("Link") != "" {
			t.Error("an error has a Link")
		}
	}
	for _, query := range []string{"", "ESPGNU777ORG", "limit=1", "limit=1000"} {
		h.Do(ana, "GET", "/people/ESPGNU777ORG/history?"+query, "").Want(t, 200)
	}
}

func TestHistoryIsShownByRole(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.laterLives()
	if entries, _ := h.history(ana, laterPage+"/history"); len(entries) != 2 {
		t.Errorf("her own page's earlier life is told: %v", told(entries))
	}
	h.Do(root, "DELETE", laterPage, "").Want(t, 204)
	for _, c := range []struct {
		account []string
		path    string
		status  int
		says    string
	}{
		{nobody, laterPage + "/history", 401, ""},
		{ana, laterPage + "/history", 404, "Page not found"},
		{other, laterPage + "/history", 403, ""},
		{cameron, laterPage + "/history", 200, ""},
		{root, laterPage + "/history", 200, ""},
		{ana, laterPage + "?version=5", 404, ""},
		{other, laterPage + "?version=5", 403, ""},
		{cameron, laterPage + "?version=5", 200, `"n": 5`},
		{cameron, laterPage + "?version=6", 404, ""},
		{cameron, laterPage, 404, "Page not found"},
		{ana, "/pols/ESPGNU777ORG/" + birthPage + "/history", 200, ""},
		{root, "/pols/FRAOTH001EUS/" + birthPage + "/history", 404, "Page not found"},
		{root, "/pols/FRAOTH001EUS/" + birthPage + "?version=1", 404, ""},
		{root, "/pols/NOBODY/" + birthPage + "/history", 404, "Page not found"},
		{root, "/people/NOBODY/history", 404, "User not found"},
		{root, "/people/" + birthPage + "/history", 404, "User not found"},
		{root, "/people/%00/history", 404, ""},
		{root, "/people/%ff/history", 404, ""},
		{ana, "/people/ESPGNU777ORG/history", 200, ""},
		{other, "/people/ESPGNU777ORG/history", 403, ""},
		{cameron, "/people/ESPGNU777ORG/history", 200, ""},
	} {
		if a := h.Do(c.account, "GET", c.path, "").Want(t, c.status); !strings.Contains(a.Text, c.says) {
			t.Errorf("%s: %s", c.path, a.Text)
		}
	}
}

func TestHistoryAndRecordMustBeGrantedByOneRole(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "roles.cfg")
	roles := `[{"role": "past", "permissions": {"GET": ["history"], "global": "True"}},
		{"role": "reader", "permissions": {"GET": ["person", "page"], "global": "True"}},
		{"role": "self", "permissions": {"GET": ["person", "history"], "global": "False"}}]`
	if err := os.WriteFile(file, []byte(roles), 0o600); err != nil {
		t.Fatal(err)
	}
	h := quickHubWith(t, file)
	two, self := h.Enrol("TWO", "past", "reader"), h.Enrol("SELF", "self", "reader", "past")
	for path, status := range map[string]int{
		"/people/TWO": 200, "/people/TWO/history": 403, "/people/TWO?version=1": 403, "/pols/ESPGNU777ORG/" + birthPage + "/history": 403,
	} {
		t.Run(path, func(t *testing.T) {
			h.Do(two, "GET", path, "").Want(t, status)
		})
	}
	for path, status := range map[string]int{"/people/SELF/history": 200, "/people/SELF?version=1": 200, "/people/TWO/history": 403, "/people/TWO?version=1": 403} {
		t.Run(path, func(t *testing.T) {
			h.Do(self, "GET", path, "").Want(t, status)
		})
	}
}

func TestAnOldVersionIsServedWithItsTag(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.laterLives()
	for version, n := range map[int]string{1: `"n": 1`, 2: `"n": 2`, 4: `"n": 4`, 5: `"n": 5`} {
		a := h.Do(root, "GET", fmt.Sprintf("%s?version=%d", laterPage, version), "").Want(t, 200)
		if tag := fmt.Sprintf(`"%d"`, version); !strings.Contains(a.Text, n) || a.Header.Get("ETag") != tag {
			t.Errorf("version %d: %s %s", version, a.Header.Get("ETag"), a.Text)
		}
	}
	h.DoWith(root, "GET", laterPage+"?version=2", "", "If-None-Match", `"2"`).Want(t, 304)
	for query, status := range map[string]int{
		"version=3": 404, "version=6": 404, "version=9223372036854775807": 404, "version=9223372036854775808": 422,
		"version=0": 422, "version=-1": 422, "version=%2b1": 422, "version=1.0": 422, "version=": 422, "version=x": 422, "version=1&version=2": 422,
		"version=%zz": 422, "version": 200, "VERSION=x": 200, "aversion=x": 200,
	} {
		t.Run(query, func(t *testing.T) {
			h.Do(root, "GET", laterPage+"?"+query, "").Want(t, status)
		})
	}
}

func TestOldVersionsOfUnitsAndInstitutions(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(root, "PATCH", "/domiciliary-units/DU1", `{"n": 2}`).Want(t, 200)
	h.Do(root, "PATCH", "/institutions/INST1", `{"n": 2}`).Want(t, 200)
	h.Do(root, "DELETE", "/domiciliary-units/DU1", "").Want(t, 204)
	h.Do(root, "DELETE", "/institutions/INST1", "").Want(t, 204)
	h.Do(root, "POST", "/institutions/INST2", `{}`).Want(t, 201)
	for _, c := range []struct {
		account []string
		path    string
		status  int
	}{
		{cameron, "/domiciliary-units/DU1?version=1", 200}, {cameron, "/domiciliary-units/DU1?version=2", 200},
		{cameron, "/domiciliary-units/DU1?version=3", 404}, {cameron, "/domiciliary-units/NONE?version=1", 404},
		{ana, "/domiciliary-units/DU1?version=1", 403}, {ana, "/institutions/INST1?version=1", 404},
		{ana, "/institutions/INST2?version=1", 200}, {root, "/institutions/INST1?version=1", 200},
	} {
		h.Do(c.account, "GET", c.path, "").Want(t, c.status)
	}
}
