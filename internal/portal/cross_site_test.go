// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"strings"
	"testing"
)

// Only the hub's own pages write: a browser says so in one of two headers.
func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(root)
	own := "http://" + strings.TrimPrefix(h.URL, "http://")
	for _, c := range []struct {
		headers []string
		taken   bool
	}{
		{[]string{"Sec-Fetch-Site", "same-origin"}, true}, {[]string{"Sec-Fetch-Site", "none"}, true}, {[]string{"Origin", own}, true},
		{nil, false}, {[]string{"Sec-Fetch-Site", "cross-site"}, false}, {[]string{"Sec-Fetch-Site", "same-site"}, false},
		{[]string{"Origin", "https://evil.example"}, false}, {[]string{"Origin", "null"}, false},
		{[]string{"Sec-Fetch-Site", "cross-site", "Content-Type", "application/json"}, false},
		{[]string{"Referer", own + "/portal/"}, false},
	} {
		for _, row := range h.Pages {
			if row.Method == http.MethodGet {
				continue
			}
			path := strings.NewReplacer("{person}", ana[0], "{", "", "}", "").Replace(row.Pattern)
			a := h.DoWith(nil, row.Method, path, "", append([]string{"Cookie", "__Host-thalamus=" + strings.Repeat("A", 43)}, c.headers...)...)
			if taken := a.StatusCode != http.StatusForbidden; taken != c.taken {
				t.Errorf("%s %s, %q: status %d", row.Method, path, c.headers, a.StatusCode)
			}
		}
	}
	b.Get("/portal/").Want(t, http.StatusOK)
}

// No script of another site reads a page, though others may read the API.
func TestNoOtherSiteReadsAPage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	for _, method := range []string{http.MethodGet, http.MethodOptions} {
		a := h.DoWith(nil, method, "/portal/", "", "Cookie", b.Cookie, "Origin", "https://evil.example", "Access-Control-Request-Method", "GET")
		for name := range a.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: the reply has %s", method, name)
			}
		}
	}
}
