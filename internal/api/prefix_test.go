// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// shared is where a proxy offers the hub beside others' programs.
const shared = "/apps/thalamus"

func sharedHub(t *testing.T) *hub {
	t.Helper()
	return quickHub(t, func(o *testhub.Options) { o.BasePath = shared + "/" })
}

// ownPath finds the hub's own paths in a body, wherever they stand, unless something is
// before them.
func ownPath(h *hub) *regexp.Regexp {
	var first []string
	for _, row := range h.Rows {
		if row.Pattern != "/" {
			first = append(first, regexp.QuoteMeta(strings.Split(row.Pattern, "/")[1]))
		}
	}
	return regexp.MustCompile(`(?:^|[^A-Za-z0-9_~-])(/(?:` + strings.Join(first, "|") + `))(?:$|[^A-Za-z0-9_~.-])`)
}

// linkTarget finds the addresses in a Link header.
var linkTarget = regexp.MustCompile(`<([^>]*)>`)

// wantPrefixed fails the test if a reply has a path without the prefix.
func wantPrefixed(t *testing.T, own *regexp.Regexp, name string, a testhub.Answer) {
	t.Helper()
	if found := own.FindString(a.Text); found != "" {
		t.Errorf("%s: %q has no prefix in %s", name, found, a.Text)
	}
	paths := a.Header.Values("Location")
	for _, link := range linkTarget.FindAllStringSubmatch(a.Header.Get("Link"), -1) {
		paths = append(paths, link[1])
	}
	for _, path := range paths {
		if !strings.HasPrefix(path, shared+"/") {
			t.Errorf("%s: a header has the path %q", name, path)
		}
	}
}

func TestNoReplyOfTheCorpusHasAPathWithoutThePrefix(t *testing.T) {
	t.Parallel()
	h := sharedHub(t)
	own := ownPath(h)
	for _, story := range stories(t) {
		for _, e := range story {
			wantPrefixed(t, own, e.Name, h.Send(e.request(h)))
		}
	}
}

// Each kind of path that replies have is there, and leads there again.
func TestAReplysPathsLeadThroughTheProxy(t *testing.T) {
	t.Parallel()
	h := sharedHub(t)
	h.Do(root, "PATCH", "/people/"+ana[0], `{"n": 1}`).Want(t, 200)
	h.Do(root, "POST", "/people/"+ana[0]+"/links", `{"person": "`+other[0]+`", "same": true}`).Want(t, 201)
	own := ownPath(h)
	for _, c := range []struct {
		method, path, body string
		in, want           string // the header, or "" for the body, and a path there
	}{
		{"POST", "/people/new%201", `{}`, "Location", "/people/NEW%201"},
		{"POST", "/pols/" + ana[0] + "/new", `{"id": "new"}`, "Location", "/pols/" + ana[0] + "/new"},
		{"POST", birthDocs + "?id=new", `bytes`, "Location", birthDocs + "/new"},
		{"POST", "/institutions/new", `{}`, "Location", "/institutions/new"},
		{"POST", "/domiciliary-units/new", `{}`, "Location", "/domiciliary-units/new"},
		{"GET", "/people?limit=1", "", "Link", "/people?limit=1&after="},
		{"GET", "/people?active=true&limit=1", "", "Link", "/people?active=true&limit=1&after="},
		{"HEAD", "/people?limit=1", "", "Link", "/people?limit=1&after="},
		{"GET", "/people/" + ana[0] + "/history?limit=1", "", "Link", "/people/" + ana[0] + "/history?limit=1&after="},
		{"GET", "/people/" + ana[0], "", "Link", "/people/" + other[0]},
		{"GET", "/pols/" + ana[0] + "?limit=1", "", "Link", "/pols/" + ana[0] + "?limit=1&after="},
		{"GET", "/personal_docs/" + ana[0] + "?limit=1", "", "Link", "/personal_docs/" + ana[0] + "?limit=1&after="},
		{"GET", birthDocs + "?limit=1", "", "Link", birthDocs + "?limit=1&after="},
		{"GET", "/institutions?limit=1", "", "Link", "/institutions?limit=1&after="},
		{"GET", "/personal_docs/" + ana[0], "", "", birthDocs + "/"},
		{"GET", "/", "", "", "/people/{person}"},
	} {
		t.Run(c.method, func(t *testing.T) {
			for _, again := range []int{1, 2} { // created, and repeated
				a := h.Do(root, c.method, c.path, c.body)
				text := a.Text
				if c.in != "" {
					text = a.Header.Get(c.in)
				}
				if a.StatusCode >= 300 || !strings.Contains(text, shared+c.want) {
					t.Errorf("%s %s, time %d: %d, %.300s has no %s", c.method, c.path, again, a.StatusCode, text, shared+c.want)
				}
				wantPrefixed(t, own, c.path, a)
				if c.in == "Location" {
					h.Do(root, "GET", text, "").Want(t, http.StatusOK)
				}
			}
		})
	}
}

func TestThePasswordFormStaysBehindThePrefix(t *testing.T) {
	t.Parallel()
	h := sharedHub(t)
	form := h.Do(ana, "GET", "/password/"+ana[0], "").Want(t, http.StatusOK)
	if strings.Contains(form.Text, "action") { // without one it goes to where it came from
		t.Errorf("the form goes elsewhere: %s", form.Text)
	}
	if got := fillIn(h, ana, ana[0], "une tortue", "une tortue").Want(t, http.StatusSeeOther).Header.Get("Location"); got != shared+"/" {
		t.Errorf("then the browser goes to %q", got)
	}
}

// A proxy may leave the prefix in the path. The rights of a caller do not depend on that.
func TestARequestMayHaveThePrefixInItsPath(t *testing.T) {
	t.Parallel()
	h := sharedHub(t)
	for _, c := range []struct {
		account []string
		path    string
		status  int
	}{
		{nobody, "/", 200}, {nobody, "", 200}, {nobody, "/health/live", 200}, {nobody, "/people", 401}, {root, "/people", 200},
		{ana, "/people/" + ana[0], 200}, {ana, "/people/" + strings.ToLower(ana[0]), 200}, {ana, "/people/" + other[0], 403}, {ana, "/people", 403},
		{ana, "/pols/" + other[0], 403}, {ana, birthDocs, 200}, {ana, "/password/" + ana[0], 200}, {other, "/password/" + ana[0], 403},
		{root, "/changes", 200}, {root, "/nothing", 404}, {root, shared + "/people", 404}, {root, "x/people", 404}, {root, "people", 404},
	} {
		a := h.Do(c.account, "GET", shared+c.path, "").Want(t, c.status)
		if !strings.HasPrefix(c.path, "/") || strings.HasPrefix(c.path, shared) {
			continue
		}
		plain := h.Do(c.account, "GET", c.path, "").Want(t, c.status)
		if a.Comparable() != plain.Comparable() || a.Header.Get("Content-Type") != plain.Header.Get("Content-Type") {
			t.Errorf("%s: %s with the prefix, %s without", c.path, a.Text, plain.Text)
		}
	}
	h.Do(ana, "PATCH", shared+"/people/"+other[0], `{"n": 1}`).Want(t, 403)
	h.Do(root, "PUT", shared+"/people", "").Want(t, 405)
	quickHub(t).Do(root, "GET", shared+"/people", "").Want(t, 404)
}

// A place in a collection is the same wherever it was named.
func TestAPlaceDoesNotDependOnThePrefix(t *testing.T) {
	t.Parallel()
	h := sharedHub(t)
	link := h.Do(root, "GET", "/people?limit=1", "").Want(t, 200).Header.Get("Link")
	next, _, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
	want := h.Do(root, "GET", next, "").Want(t, 200).Text
	plain := quickHub(t).Do(root, "GET", strings.TrimPrefix(next, shared), "").Want(t, 200).Text
	if plain != want {
		t.Errorf("%s without the prefix, %s with it", plain, want)
	}
}

func TestAPrefixIsBelievedOfATrustedProxyOnly(t *testing.T) {
	t.Parallel()
	trust := func(proxies, base string) *hub {
		return quickHub(t, func(o *testhub.Options) {
			o.TrustedProxies, o.BasePath = []netip.Prefix{netip.MustParsePrefix(proxies)}, base
		})
	}
	trusting, distant := trust("127.0.0.0/8", ""), trust("10.0.0.0/8", "")
	for _, c := range []struct {
		h    *hub
		told []string
		want string
	}{
		{trusting, nil, ""}, {trusting, []string{"/thalamus"}, "/thalamus"}, {trusting, []string{"/thalamus/"}, "/thalamus"},
		{trusting, []string{"/a/b-c_d~1"}, "/a/b-c_d~1"}, {trusting, []string{"/"}, ""}, {trusting, []string{""}, ""},
		{trusting, []string{"thalamus"}, ""}, {trusting, []string{"//thalamus"}, ""}, {trusting, []string{"/a//b"}, ""}, {trusting, []string{"/a//"}, ""},
		{trusting, []string{"/.."}, ""}, {trusting, []string{"/a/../b"}, ""}, {trusting, []string{"/a.b"}, ""}, {trusting, []string{"/./a"}, ""},
		{trusting, []string{"/a%2F"}, ""}, {trusting, []string{"/%2e%2e"}, ""}, {trusting, []string{"/a:b"}, ""}, {trusting, []string{"https://x"}, ""},
		{trusting, []string{`/\x`}, ""}, {trusting, []string{"/a b"}, ""}, {trusting, []string{"/a\tb"}, ""}, {trusting, []string{"/é"}, ""},
		{trusting, []string{"/a?b"}, ""}, {trusting, []string{"/a#b"}, ""}, {trusting, []string{"/a>b"}, ""}, {trusting, []string{"/a, /b"}, ""},
		{trusting, []string{"/a", "/b"}, ""},
		{distant, []string{"/thalamus"}, ""}, {quickHub(t), []string{"/thalamus"}, ""},
		{sharedHub(t), []string{"/thalamus"}, shared}, {trust("127.0.0.0/8", shared), []string{"/thalamus"}, shared},
	} {
		r := c.h.Request(root, "POST", "/institutions/one", `{}`)
		r.Header["X-Forwarded-Prefix"] = c.told
		if got := c.h.Send(r).Header.Get("Location"); got != c.want+"/institutions/one" {
			t.Errorf("%q: Location is %q", c.told, got)
		}
	}
}
