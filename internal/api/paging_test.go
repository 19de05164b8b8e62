// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// inPages follows the Links from a path on, and looks that HEAD has the same.
func (h *hub) inPages(path string) (items []string) {
	h.T.Helper()
	for path != "" {
		a, head := h.Do(root, "GET", path, "").Want(h.T, http.StatusOK), h.Do(root, "HEAD", path, "").Want(h.T, http.StatusOK)
		if head.Header.Get("Link") != a.Header.Get("Link") || head.Text != "" {
			h.T.Errorf("%s: HEAD has the Link %s", path, head.Header.Get("Link"))
		}
		items = append(items, a.Items(h.T)...)
		path = a.Next(h.T)
	}
	return items
}

// newOddHub has records of all kinds with ids that only others can have written.
func newOddHub(t *testing.T) *hub {
	t.Helper()
	h := quickHub(t, func(o *testhub.Options) { o.SearchFields = []string{"gender"} })
	ids := []string{"", " ", "a/b", "../x", "line\nbreak", "%", "%zz", "%00", `"><`, `\`, "é", "😀", strings.Repeat("x", 300), strings.Repeat("😀", 300)}
	for _, statement := range []string{
		`INSERT INTO people (id, data) SELECT id, jsonb_build_object('id', id, 'gender', 'nb', 'password', 'x') FROM unnest($1::text[]) AS id`,
		`INSERT INTO dus (id, data) SELECT id, jsonb_build_object('id', id) FROM unnest($1::text[]) AS id`,
		`INSERT INTO institutions (id, data) SELECT id, jsonb_build_object('id', id) FROM unnest($1::text[]) AS id`,
		`INSERT INTO pols (id, book, data) SELECT id, 'a/b', jsonb_build_object('id', id, 'domain', 'x y&', 'page_date', '2024-05-01') FROM unnest($1::text[]) AS id`,
		`INSERT INTO personal_docs (id, fedacct, pol, document, data) SELECT id, 'a/b', 'line' || chr(10) || 'break', 'x', '{}' FROM unnest($1::text[]) AS id`,
	} {
		h.DB.Exec(statement, ids)
	}
	h.DB.Exec(`INSERT INTO people (id, data) VALUES ('NOTHING', NULL), ('LIST', '[]')`)
	h.DB.Exec(`INSERT INTO dus (id, data) VALUES ('NOTHING', NULL), ('TEXT', '"x"')`)
	h.DB.Exec(`INSERT INTO pols (id, book, data) VALUES ('NOTHING', 'a/b', NULL), ('TEXT', 'a/b', '"x"')`)
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('NOTHING', 'a/b', '%', NULL)`)
	return h
}

func TestEveryCollectionIsReadInPages(t *testing.T) {
	t.Parallel()
	h := newOddHub(t)
	for _, path := range []string{
		"/people", "/people?gender=nb&active=true", "/people?dob=1900..2100", "/domiciliary-units", "/institutions",
		"/pols/a%2Fb?order=asc", "/pols/a%2Fb?order=desc", "/pols/a%2Fb?domain=x+y%26&from=2024", "/pols/ESPGNU777ORG?order=asc",
		"/personal_docs/a%2Fb", "/personal_docs/a%2Fb/line%0Abreak", "/people/ESPGNU777ORG/history",
	} {
		want := h.Do(root, "GET", path, "").Want(t, 200)
		if want.Header.Get("Link") != "" || len(want.Items(t)) == 0 {
			t.Errorf("%s: %s %s", path, want.Header.Get("Link"), want.Text)
		}
		sign := "?"
		if strings.Contains(path, "?") {
			sign = "&"
		}
		for _, limit := range []string{"1", "2", "5", "1000"} {
			got := h.inPages(path + sign + "limit=" + limit)
			if path == "/people" { // whole, it comes in no order
				if len(got) != len(want.Items(t)) {
					t.Errorf("by %s: %d persons of %d", limit, len(got), len(want.Items(t)))
				}
			} else if diff := cmp.Diff(want.Items(t), got); diff != "" {
				t.Errorf("%s by %s: %s", path, limit, diff)
			}
		}
		first := h.Do(root, "GET", path+sign+"limit=1", "").Want(t, 200)
		if rest := first.Next(t); rest != "" {
			all := append(first.Items(t), h.Do(root, "GET", strings.Replace(rest, "limit=1&", "", 1), "").Want(t, 200).Items(t)...)
			if len(all) != len(want.Items(t)) {
				t.Errorf("%s: %d behind the first", path, len(all))
			}
		}
	}
}

func TestPersonsComeByIDWhileOthersComeAndGo(t *testing.T) {
	t.Parallel()
	h := newOddHub(t)
	want := h.inPages("/people?limit=1000")
	var got []string
	for n, path := 0, "/people?limit=3"; path != ""; n++ {
		a := h.Do(root, "GET", path, "").Want(t, 200)
		items := a.Items(t)
		got = append(got, items...)
		if n == 0 {
			h.DB.Exec(`DELETE FROM people WHERE id = ''`)                                                             // was read
			h.DB.Exec(`INSERT INTO people (id, data) VALUES ('!', '{"id": "!"}'), ('~', '{"id": "~", "new": true}')`) // before, and behind
		}
		path = a.Next(t)
	}
	var kept []string
	for _, item := range got {
		if !strings.Contains(item, `"new"`) {
			kept = append(kept, item)
		}
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Error(diff)
	}
}

func TestTheLinkKeepsWhatElseWasAsked(t *testing.T) {
	t.Parallel()
	h := newOddHub(t)
	for query, want := range map[string]string{
		"/people?gender=nb&limit=2&bare&active=true":        "active=true&gender=nb&limit=2&after=",
		"/pols/a%2Fb?limit=1&order=desc&domain=x+y%26&bare": "domain=x+y%26&order=desc&limit=1&after=",
		"/pols/a%2Fb?limit=1&to=2025&from=2024-05-01":       "from=2024-05-01&to=2025&limit=1&after=",
		"/institutions?limit=1":                             "limit=1&after=",
	} {
		t.Run(query, func(t *testing.T) {
			next := h.Do(root, "GET", query, "").Want(t, 200).Next(t)
			path, _, _ := strings.Cut(query, "?")
			if !strings.HasPrefix(next, path+"?"+want) {
				t.Errorf("%s goes on at %s", query, next)
			}
		})
	}
}

// A place is one of its own collection; and of a book, in its direction.
func TestAPlaceOfAnotherCollectionIsRefused(t *testing.T) {
	t.Parallel()
	h := newOddHub(t)
	paths := []string{"/people", "/domiciliary-units", "/institutions", "/pols/a%2Fb", "/pols/ESPGNU777ORG", "/personal_docs/a%2Fb", "/personal_docs/a%2Fb/line%0Abreak", "/people/ESPGNU777ORG/history"}
	h.Do(root, "PATCH", "/people/ESPGNU777ORG", `{"n": 1}`).Want(t, 200)
	for _, from := range paths {
		next, err := url.Parse(h.Do(root, "GET", from+"?limit=1", "").Want(t, 200).Next(t))
		after := next.Query().Get("after")
		if err != nil || after == "" {
			t.Fatalf("%s: %v %v", from, next, err)
		}
		for _, to := range paths {
			status := 422
			if from == to {
				status = 200
			}
			h.Do(root, "GET", to+"?after="+after, "").Want(t, status)
			h.Do(root, "HEAD", to+"?limit=1&after="+after, "").Want(t, status)
		}
		if strings.HasPrefix(from, "/pols") {
			h.Do(root, "GET", from+"?order=desc&after="+after, "").Want(t, 422)
		}
		for _, wrong := range []string{"", "x", "=", after + "A", after[:len(after)-1], "A" + after[1:], after + "&after=" + after, after + "%3D", after + "%0A", "%00", "%FF", strings.Repeat("A", 5000)} {
			a := h.Do(root, "GET", from+"?limit=1&after="+wrong, "").Want(t, 422)
			if a.Header.Get("Link") != "" {
				t.Error("an error has a Link")
			}
		}
		for _, wrong := range []string{"limit=", "limit", "limit=0", "limit=-1", "limit=%2B1", "limit=1001", "limit=99999999999999999999", "limit=1e2", "limit=1&limit=1", "after", "lmit=2", "before=x", "other="} {
			h.Do(root, "GET", from+"?"+wrong, "").Want(t, 422)
		}
		h.Do(root, "GET", from+"?bare", "").Want(t, 200)
	}
	a := h.Do(root, "GET", "/people?limit=1", "").Next(t)
	h.Do(root, "GET", a+"&q=ana", "").Want(t, 422)
	if link := h.Do(root, "GET", "/people?q=ana&limit=1", "").Want(t, 200).Header.Get("Link"); link != "" {
		t.Errorf("a search has the Link %s", link)
	}
}
