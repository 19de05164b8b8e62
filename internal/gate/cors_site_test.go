// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"net/http"
	"slices"
	"testing"
)

// ourHost is how a browser calls the server.
const ourHost = "hub.example.org"

// site is how a browser, or something else, says for whose page it asks.
type site struct {
	fetchSite, origin string
	foreign           bool
}

var sites = []site{
	{"", "", false}, // curl, Python, nodes
	{"same-origin", "https://hub.example.org", false}, {"none", "", false}, {"same-origin", "https://evil.example", false},
	{"cross-site", "https://evil.example", true}, {"same-site", "https://evil.example", true},
	{"cross-site", "https://hub.example.org", true}, {"cross-site", "", true},
	{"", "https://hub.example.org", false}, {"", "https://Hub.Example.org", false},
	{"", "https://evil.example", true}, {"", "null", true}, {"", "https://hub.example.org.evil.example", true}, {"", "https://evilhub.example.org", true},
	{"", "https://hub.example.org:8443", true}, {"", "https://example.org", true}, {"", "%", true}, {"", "hub.example.org", true},
}

// contentTypes says which types a form of another site can send.
var contentTypes = map[string]bool{
	"": true, "text/plain": true, "text/plain;charset=utf-8": true, "Text/Plain ; x=y": true, "application/x-www-form-urlencoded": true,
	"multipart/form-data; boundary=x": true, "MULTIPART/FORM-DATA": true,
	"application/json": false, "application/json; charset=utf-8": false, "application/octet-stream": false, "image/png": false,
}

// The browser remembers the credentials and sends them along; only what it asks
// about before cannot come from a form of another site.
func TestFormsOfOtherSitesCannotWrite(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, s := range sites {
		for contentType, ofForm := range contentTypes {
			for _, method := range []string{"POST", "PATCH", "DELETE", "GET"} {
				body := map[string]string{"POST": "{", "PATCH": "{"}[method]
				r := h.Request(root, method, "/institutions/none", body)
				r.Host = ourHost
				s.mark(r, contentType)

				refused := s.foreign && ofForm && slices.Contains([]string{"POST", "PATCH"}, method)
				if a := h.Send(r); (a.StatusCode == http.StatusForbidden) != refused {
					t.Errorf("%s of %q from %q, Origin %q: status %d, refused should be %t", method, contentType, s.fetchSite, s.origin, a.StatusCode, refused)
				}
			}
		}
	}
}

func (s site) mark(r *http.Request, contentType string) {
	for name, value := range map[string]string{"Sec-Fetch-Site": s.fetchSite, "Origin": s.origin, "Content-Type": contentType} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
}

func TestAnotherSitesFormIsRefusedBeforeAnythingIsDone(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	evil := []string{"Sec-Fetch-Site", "cross-site", "Content-Type", "text/plain"}

	for _, path := range []string{"/people/NEW", "/pols/ESPGNU777ORG/new", "/personal_docs/ESPGNU777ORG/" + birthPage, "/password/ESPGNU777ORG", "/nothing", "/login"} {
		a := h.DoWith(root, "POST", path, `{"id":"new"}`, evil...).Want(t, http.StatusForbidden)
		if h.DoWith(nobody, "POST", path, `{"id":"new"}`, evil...).Want(t, http.StatusForbidden).Header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s asks the browser for a password: %v", path, a.Header)
		}
	}

	if n := h.DB.Text(`SELECT (SELECT count(*) FROM people WHERE id = 'NEW') + (SELECT count(*) FROM pols WHERE id = 'new') || ''`); n != "0" {
		t.Errorf("%s rows were written", n)
	}
}
