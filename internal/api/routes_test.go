// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// A row with a person in its path that is about nobody would be in everybody's own reach.
func TestARowIsAboutThePersonOfItsPath(t *testing.T) {
	t.Parallel()
	faces := map[string]gate.Face{}
	for _, row := range quickHub(t).Rows {
		if (row.Subject == gate.OfPath) != strings.Contains(row.Pattern, "{person}") {
			t.Errorf("%s %s has the subject %d", row.Method, row.Pattern, row.Subject)
		}
		if face, ok := faces[row.Pattern]; ok && face != row.Face {
			t.Errorf("%s %s has another face than the row before", row.Method, row.Pattern)
		}
		faces[row.Pattern] = row.Face
	}
}

// A person who follows an address reads a sentence, and a script an object.
func TestAnErrorOfAGetIsAPageForWhoNamesHTML(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for _, c := range []struct {
		account              []string
		method, path, accept string
		status               int
		page                 bool
	}{
		{nobody, "GET", "/people", browser, 401, true}, {other, "GET", "/people", browser, 403, true}, {root, "GET", "/people/NOBODY", browser, 404, true},
		{root, "GET", "/nothing", browser, 404, true}, {root, "GET", "/people?q=", browser, 422, true}, {root, "HEAD", "/people/NOBODY", browser, 404, true},
		{root, "GET", birthDocs + "/none", browser, 404, true}, {root, "GET", "/changes?limit=0", browser, 422, true},
		{root, "PUT", "/people", browser, 405, false}, {root, "POST", "/institutions/x", browser, 400, false}, {root, "DELETE", "/institutions/x", browser, 404, false},
		{root, "GET", "/nothing", "", 404, false}, {root, "GET", "/nothing", "*/*", 404, false}, {root, "GET", "/nothing", "text/*", 404, false},
		{root, "GET", "/nothing", "application/json, text/plain, */*", 404, false}, {root, "GET", "/nothing", "text/html;q=0, */*", 404, false},
		{root, "GET", "/nothing", "text/html;q=0.5, */*", 404, true}, {root, "GET", "/nothing", "application/json, text/html", 404, true},
		{root, "GET", "/nothing", "application/json, text/html;q=0.9", 404, false},
		{root, "GET", "/people", browser, 200, false},
	} {
		a := h.DoWith(c.account, c.method, c.path, "", "Accept", c.accept).Want(t, c.status)
		if got := a.Header.Get("Content-Type") == "text/html; charset=utf-8"; got != c.page {
			t.Errorf("%s %s, Accept %s: %s", c.method, c.path, c.accept, a.Header.Get("Content-Type"))
		}
		reads := c.method == "GET" || c.method == "HEAD"
		if varies := slices.Equal(a.Header["Vary"], []string{"Accept"}); varies != (reads && c.status >= 400) {
			t.Errorf("%s %s, %d: Vary is %q", c.method, c.path, c.status, a.Header["Vary"])
		}
		if policy := a.Header.Get("Content-Security-Policy"); c.page && !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: the page has the policy %q", c.path, policy)
		}
		if challenge := a.Header.Get("WWW-Authenticate"); (challenge != "") != (c.status == 401) {
			t.Errorf("%s: %d with the challenge %q", c.path, c.status, challenge)
		}
	}
}

// A client that was sent a page before is told of an error by a page, wherever it comes from.
func TestAnErrorHasTheFaceOfItsRow(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const page, json = "text/html; charset=utf-8", "application/json"
	for _, c := range []struct {
		account      []string
		method, path string
		status       int
		face         string
	}{
		{nobody, "GET", "/password/" + ana[0], http.StatusUnauthorized, page},
		{other, "GET", "/password/" + ana[0], http.StatusForbidden, page},
		{root, "GET", "/password/NOBODY", http.StatusNotFound, page},
		{root, "PUT", "/password/" + ana[0], http.StatusMethodNotAllowed, page},
		{root, "POST", "/password/" + ana[0], http.StatusForbidden, page}, // of another site
		{nobody, "GET", "/people/" + ana[0], http.StatusUnauthorized, json},
		{root, "PUT", "/people/password", http.StatusMethodNotAllowed, json},
		{root, "POST", "/people/" + ana[0], http.StatusForbidden, json}, // of another site
		{root, "GET", "/password", http.StatusNotFound, json},
	} {
		a := h.DoWith(c.account, c.method, c.path, "", "Origin", "https://elsewhere.example").Want(t, c.status)
		if got := a.Header.Get("Content-Type"); got != c.face {
			t.Errorf("%s %s: %s, want %s", c.method, c.path, got, c.face)
		}
	}
}

// The table of paths has the patterns of the route table, and no others.
func TestTheManualListsThePaths(t *testing.T) {
	t.Parallel()
	methods, endpoints := map[string][]string{}, map[string]string{}
	for _, row := range quickHub(t).Rows {
		methods[row.Pattern] = append(methods[row.Pattern], row.Method)
		if row.Endpoint != access.Public {
			endpoints[row.Pattern] = "`" + string(row.Endpoint) + "` "
		}
	}
	var want []string
	for pattern, some := range methods {
		want = append(want, fmt.Sprintf("| `%s` | %s | %s| ", pattern, strings.Join(some, " "), endpoints[pattern]))
	}
	lines := regexp.MustCompile("(?m)^(\\| `/[^|]*\\|[^|]*\\|[^|]*\\| )[^|]+ \\|$")
	var got []string
	for _, line := range lines.FindAllStringSubmatch(apiGuide(t), -1) {
		got = append(got, line[1])
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-routes +manual)\n%s", diff)
	}
}

// An empty segment is no id: of nobody there is nothing, also behind a prefix.
func TestAPathWithAnEmptySegmentLeadsNowhere(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "/hub"} {
		h := quickHub(t, func(o *testhub.Options) { o.BasePath = base })
		for _, path := range []string{"/pols//page", "/personal_docs//page", "/personal_docs/" + ana[0] + "//x", "/people//history", "/portal/people//book", "/fhir/Patient//_history"} {
			t.Run(base+path, func(t *testing.T) {
				if a := h.Do(root, http.MethodGet, base+path, "").Want(t, http.StatusNotFound); !strings.Contains(a.Text, "nothing at this path") && !strings.HasPrefix(path, "/portal") {
					t.Errorf("it says %s", a.Text)
				}
			})
		}
	}
}
