// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

var nextLink = regexp.MustCompile(`^<(/[^<>" ]*[?&]limit=\d+&after=[A-Za-z0-9_-]+)>; rel="next"$`)

// next gives where a list goes on, or "".
func (a answer) next(t testing.TB) string {
	t.Helper()
	header := a.Header.Get("Link")
	if link := nextLink.FindStringSubmatch(header); link != nil {
		return link[1]
	} else if header != "" {
		t.Errorf("the Link is %s", header)
	}
	return ""
}

// items reads a list.
func (a answer) items(t testing.TB) (items []string) {
	t.Helper()
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(a.body), &list); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	for _, item := range list {
		items = append(items, string(item))
	}
	return items
}

// inPages follows the Links from a path on, and looks that HEAD has the same.
func (h *hub) inPages(path string) (items []string) {
	h.t.Helper()
	for path != "" {
		a, head := h.do(root, "GET", path, "").want(h.t, http.StatusOK), h.do(root, "HEAD", path, "").want(h.t, http.StatusOK)
		if head.Header.Get("Link") != a.Header.Get("Link") || head.body != "" {
			h.t.Errorf("%s: HEAD has the Link %s", path, head.Header.Get("Link"))
		}
		items = append(items, a.items(h.t)...)
		path = a.next(h.t)
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
		h.db.Exec(statement, ids)
	}
	h.db.Exec(`INSERT INTO people (id, data) VALUES ('NOTHING', NULL), ('LIST', '[]')`)
	h.db.Exec(`INSERT INTO dus (id, data) VALUES ('NOTHING', NULL), ('TEXT', '"x"')`)
	h.db.Exec(`INSERT INTO pols (id, book, data) VALUES ('NOTHING', 'a/b', NULL), ('TEXT', 'a/b', '"x"')`)
	h.db.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('NOTHING', 'a/b', '%', NULL)`)
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
		want := h.do(root, "GET", path, "").want(t, 200)
		if want.Header.Get("Link") != "" || len(want.items(t)) == 0 {
			t.Errorf("%s: %s %s", path, want.Header.Get("Link"), want.body)
		}
		sign := "?"
		if strings.Contains(path, "?") {
			sign = "&"
		}
		for _, limit := range []string{"1", "2", "5", "1000"} {
			got := h.inPages(path + sign + "limit=" + limit)
			if path == "/people" { // whole, it comes in no order
				if len(got) != len(want.items(t)) {
					t.Errorf("by %s: %d persons of %d", limit, len(got), len(want.items(t)))
				}
			} else if diff := cmp.Diff(want.items(t), got); diff != "" {
				t.Errorf("%s by %s: %s", path, limit, diff)
			}
		}
		first := h.do(root, "GET", path+sign+"limit=1", "").want(t, 200)
		if rest := first.next(t); rest != "" {
			all := append(first.items(t), h.do(root, "GET", strings.Replace(rest, "limit=1&", "", 1), "").want(t, 200).items(t)...)
			if len(all) != len(want.items(t)) {
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
		a := h.do(root, "GET", path, "").want(t, 200)
		items := a.items(t)
		got = append(got, items...)
		if n == 0 {
			h.db.Exec(`DELETE FROM people WHERE id = ''`)                                                             // was read
			h.db.Exec(`INSERT INTO people (id, data) VALUES ('!', '{"id": "!"}'), ('~', '{"id": "~", "new": true}')`) // before, and behind
		}
		path = a.next(t)
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
		next := h.do(root, "GET", query, "").want(t, 200).next(t)
		path, _, _ := strings.Cut(query, "?")
		if !strings.HasPrefix(next, path+"?"+want) {
			t.Errorf("%s goes on at %s", query, next)
		}
	}
}

// A place is one of its own collection; and of a book, in its direction.
func TestAPlaceOfAnotherCollectionIsRefused(t *testing.T) {
	t.Parallel()
	h := newOddHub(t)
	paths := []string{"/people", "/domiciliary-units", "/institutions", "/pols/a%2Fb", "/pols/ESPGNU777ORG", "/personal_docs/a%2Fb", "/personal_docs/a%2Fb/line%0Abreak", "/people/ESPGNU777ORG/history"}
	h.do(root, "PATCH", "/people/ESPGNU777ORG", `{"n": 1}`).want(t, 200)
	for _, from := range paths {
		next, err := url.Parse(h.do(root, "GET", from+"?limit=1", "").want(t, 200).next(t))
		after := next.Query().Get("after")
		if err != nil || after == "" {
			t.Fatalf("%s: %v %v", from, next, err)
		}
		for _, to := range paths {
			status := 422
			if from == to {
				status = 200
			}
			h.do(root, "GET", to+"?after="+after, "").want(t, status)
			h.do(root, "HEAD", to+"?limit=1&after="+after, "").want(t, status)
		}
		if strings.HasPrefix(from, "/pols") {
			h.do(root, "GET", from+"?order=desc&after="+after, "").want(t, 422)
		}
		for _, wrong := range []string{"", "x", "=", after + "A", after[:len(after)-1], "A" + after[1:], after + "&after=" + after, after + "%3D", after + "%0A", "%00", "%FF", strings.Repeat("A", 5000)} {
			a := h.do(root, "GET", from+"?limit=1&after="+wrong, "").want(t, 422)
			if a.Header.Get("Link") != "" {
				t.Error("an error has a Link")
			}
		}
		for _, wrong := range []string{"limit=", "limit", "limit=0", "limit=-1", "limit=%2B1", "limit=1001", "limit=99999999999999999999", "limit=1e2", "limit=1&limit=1", "after", "lmit=2", "before=x", "other="} {
			h.do(root, "GET", from+"?"+wrong, "").want(t, 422)
		}
		h.do(root, "GET", from+"?bare", "").want(t, 200)
	}
	a := h.do(root, "GET", "/people?limit=1", "").next(t)
	h.do(root, "GET", a+"&q=ana", "").want(t, 422)
	if link := h.do(root, "GET", "/people?q=ana&limit=1", "").want(t, 200).Header.Get("Link"); link != "" {
		t.Errorf("a search has the Link %s", link)
	}
}
