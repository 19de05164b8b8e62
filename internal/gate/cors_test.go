// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testhub"
)

// corsOf gives the headers of CORS.
func corsOf(a testhub.Answer) map[string]string {
	found := map[string]string{}
	for _, name := range []string{"Allow-Origin", "Allow-Methods", "Allow-Headers", "Allow-Credentials", "Expose-Headers", "Max-Age"} {
		if value := a.Header.Get("Access-Control-" + name); value != "" {
			found[name] = value
		}
	}

	return found
}

const exposed = "ETag, Link, Location, X-Request-Id, Retry-After, Content-Disposition, Thalamus-Withheld"

func TestAPreflightIsAnsweredForEveryPath(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	want := map[string]string{
		"Allow-Origin": "*", "Expose-Headers": exposed, "Allow-Methods": "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
		"Allow-Headers": "Authorization, Content-Type, If-Match, If-None-Match, Range, Last-Event-ID, Accept, Purpose-Of-Use",
		"Max-Age":       "600",
	}

	paths := []string{"/nothing", "/people/a/b/c", "/people/", "//", "/%00"}
	for _, row := range h.Rows {
		paths = append(paths, row.Pattern)
	}

	for _, path := range paths {
		r := h.Request(nobody, "OPTIONS", "/", "")
		r.URL.Opaque = path
		r.Header.Set("Origin", portalOrigin)
		r.Header.Set("Access-Control-Request-Method", "DELETE")

		a := h.Send(r).Want(t, http.StatusNoContent)
		if diff := cmp.Diff(want, corsOf(a)); diff != "" || a.Header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s (-want +got)\n%s", path, diff)
		}
	}
}

// Without the headers a browser would hide even the reason from the portal.
func TestErrorsHaveTheHeadersOfCORSToo(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.MaxBody = 100 })
	h.DB.Exec(`ALTER TABLE pols RENAME TO away`)

	origin := []string{"Origin", portalOrigin, "Content-Type", "application/json"}
	for _, a := range []testhub.Answer{
		h.DoWith(nobody, "GET", "/people", "", origin...).Want(t, http.StatusUnauthorized),
		h.DoWith(other, "GET", "/people", "", origin...).Want(t, http.StatusForbidden),
		h.DoWith(root, "GET", "/nothing", "", origin...).Want(t, http.StatusNotFound),
		h.DoWith(root, "GET", "/people/NOBODY", "", origin...).Want(t, http.StatusNotFound),
		h.DoWith(root, "PUT", "/people", "", origin...).Want(t, http.StatusMethodNotAllowed),
		h.DoWith(root, "FOO", "/people", "", origin...).Want(t, http.StatusMethodNotAllowed),
		h.DoWith(root, "POST", "/people/NEW", "{", origin...).Want(t, http.StatusBadRequest),
		h.DoWith(root, "POST", "/institutions/NEW", `{"a":"`+exposed+exposed+`"}`, origin...).Want(t, http.StatusRequestEntityTooLarge),
		h.DoWith(root, "GET", "/pols/ESPGNU777ORG", "", origin...).Want(t, http.StatusInternalServerError),
		h.DoWith(root, "POST", "/people/NEW", "{}", "Origin", portalOrigin).Want(t, http.StatusForbidden), // a form's
	} {
		if diff := cmp.Diff(map[string]string{"Allow-Origin": "*", "Expose-Headers": exposed}, corsOf(a)); diff != "" {
			t.Errorf("%s %s, %d (-want +got)\n%s", a.Request.Method, a.Request.URL.Path, a.StatusCode, diff)
		}
	}
}

func TestARequestWithoutAnOriginHasNoCORSHeaders(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	if got := corsOf(h.Do(root, "GET", "/login", "").Want(t, http.StatusOK)); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestOnlyConfiguredOriginsMayRead(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.CORSOrigins = []string{portalOrigin, "http://localhost:8080"} })
	for origin, allowed := range map[string]string{
		portalOrigin: portalOrigin, "http://localhost:8080": "http://localhost:8080", "http://localhost": "", "http://portal.example.org": "",
		portalOrigin + ".evil.example": "", "https://evil.example": "", "null": "", "*": "", "": "",
	} {
		t.Run(origin, func(t *testing.T) {
			want := map[string]string{}
			if allowed != "" {
				want = map[string]string{"Allow-Origin": allowed, "Expose-Headers": exposed}
			}

			a := h.DoWith(nobody, "GET", "/login", "", "Origin", origin).Want(t, http.StatusUnauthorized)
			if diff := cmp.Diff(want, corsOf(a)); diff != "" || a.Header.Get("Vary") != "Origin" {
				t.Errorf("%q: Vary %q (-want +got)\n%s", origin, a.Header.Get("Vary"), diff)
			}

			preflight := h.DoWith(nobody, "OPTIONS", "/login", "", "Origin", origin, "Access-Control-Request-Method", "GET").Want(t, http.StatusNoContent)
			if got := preflight.Header.Get("Access-Control-Allow-Origin"); got != allowed || preflight.Header.Get("Vary") != "Origin" {
				t.Errorf("preflight of %q: allowed to %q, Vary %q", origin, got, preflight.Header.Get("Vary"))
			}
		})
	}
}
