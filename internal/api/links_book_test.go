// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/access"
	"thalamus/internal/testhub"
)

// linkedBooks is a hub where Ana is B and so C too, and is not D; each has a page.
func linkedBooks(t *testing.T) (*testhub.Hub, *testhub.AccessRecord) {
	t.Helper()
	h, record := testhub.Recorded(t)
	h.DB.Exec(`DELETE FROM personal_docs; DELETE FROM pols;
		INSERT INTO people (id, data) SELECT id, '{}' FROM unnest('{B,C,D}'::text[]) AS id;
		INSERT INTO pols (id, book, data) SELECT 'p' || n, book, jsonb_build_object('book', book, 'page_date', '2026-01-0' || n, 'domain', 'medical')
			FROM unnest('{C,ESPGNU777ORG,D,B,ESPGNU777ORG}'::text[]) WITH ORDINALITY AS x (book, n);
		SELECT thalamus_link('ESPGNU777ORG', 'B', true, NULL, NULL), thalamus_link('C', 'B', true, NULL, NULL),
			thalamus_link('ESPGNU777ORG', 'D', false, NULL, NULL)`)
	return h, record
}

// books gives whose the pages of a list are.
func books(t *testing.T, a testhub.Answer) (whose []string) {
	t.Helper()
	var list [][]struct{ Book string }
	if err := json.Unmarshal([]byte(a.Want(t, 200).Text), &list); err != nil {
		t.Fatalf("%v: %s", err, a.Text)
	}
	for _, one := range list {
		whose = append(whose, strings.TrimSuffix(one[0].Book, "SPGNU777ORG"))
	}
	return whose
}

func TestTheBooksOfWhoIsTheSameAreReadTogether(t *testing.T) {
	t.Parallel()
	h, _ := linkedBooks(t)
	for _, c := range []struct {
		account []string
		query   string
		want    string
	}{
		{cameron, "/pols/ESPGNU777ORG?linked=1", "C E B E"}, {root, "/pols/C?linked=1", "C E B E"}, {root, "/pols/D?linked=1", "D"},
		{root, "/pols/B?linked=1&order=desc&from=2026-01-02&domain=medical", "E B E"}, {root, "/pols/NOBODY?linked=1", ""},
		{ana, "/pols/ESPGNU777ORG?linked=1", "E E"}, {cameron, "/pols/ESPGNU777ORG", "E E"},
	} {
		if got := strings.Join(books(t, h.Do(c.account, "GET", c.query, "")), " "); got != c.want {
			t.Errorf("%s to %s: %s, want %s", c.query, c.account[0], got, c.want)
		}
	}
	for _, query := range []string{"linked=2", "linked=true", "linked=0", "linked=1&linked=1"} {
		h.Do(root, "GET", "/pols/C?"+query, "").Want(t, 422)
	}
	h.Do(ana, "GET", "/pols/B?linked=1", "").Want(t, 403)
}

// The role reaches every person, but not everybody's books.
func TestTheBooksOfOthersAreNotReadWithoutAGlobalGrantOfBooks(t *testing.T) {
	t.Parallel()
	h, record := linkedBooks(t)
	policy, _, err := access.Parse([]byte(`[{"role": "end_user", "permissions": {"GET": ["person", "book"], "global": "False"}},
		{"role": "clerk", "permissions": {"GET": ["person", "links"], "global": "True"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	h.SetPolicy(policy)
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user", "clerk"]}' WHERE id = $1`, ana[0])
	if got := strings.Join(books(t, h.Do(ana, "GET", "/pols/ESPGNU777ORG?linked=1", "")), " "); got != "E E" || len(record.Take()) != 1 {
		t.Error(got)
	}
}

func TestTheBooksOfWhoIsTheSameComeInParts(t *testing.T) {
	t.Parallel()
	h, _ := linkedBooks(t)
	var all []string
	for path := "/pols/ESPGNU777ORG?linked=1&limit=1"; path != ""; {
		a := h.Do(root, "GET", path, "")
		all = append(all, books(t, a)...)
		path, _, _ = strings.Cut(strings.TrimPrefix(a.Header.Get("Link"), "<"), ">")
	}
	if diff := cmp.Diff([]string{"C", "E", "B", "E"}, all); diff != "" {
		t.Error(diff)
	}
}

// Each person must be told that the own records were read.
func TestBooksThatAreReadTogetherAreEachRecorded(t *testing.T) {
	t.Parallel()
	h, record := linkedBooks(t)
	for account, want := range map[*[]string][]string{&cameron: {"B", "C", "ESPGNU777ORG"}, &ana: {"ESPGNU777ORG"}} {
		a := h.Do(*account, "GET", "/pols/ESPGNU777ORG?linked=1", "").Want(t, 200)
		var persons []string
		for _, text := range record.Take() {
			var line struct{ Person, Endpoint, Request string }
			if err := json.Unmarshal([]byte(text), &line); err != nil || line.Endpoint != "book" || line.Request != a.Header.Get("X-Request-Id") {
				t.Errorf("%v: %s", err, text)
			}
			persons = append(persons, line.Person)
		}
		slices.Sort(persons)
		if diff := cmp.Diff(want, persons); diff != "" {
			t.Error(diff)
		}
	}
}
