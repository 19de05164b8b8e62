// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

func TestHealthNeedsNoCredentials(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.WatchHealth()
	for path, want := range map[string]string{"/health/live": `{"status":"live"}`, "/health/ready": `{"status":"ready"}`} {
		t.Run(path, func(t *testing.T) {
			for _, account := range [][]string{nobody, {"wrong", "wrong"}, root} {
				if a := h.Do(account, "GET", path, "").Want(t, http.StatusOK); a.Text != want {
					t.Errorf("%s is %s", path, a.Text)
				}
			}
		})
	}
}

func TestEveryPathNamesItsMethods(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for path, allow := range map[string]string{
		"/": "GET, HEAD, OPTIONS", "/login": "GET, HEAD, OPTIONS", "/people": "GET, HEAD, OPTIONS", "/people/X": "DELETE, GET, HEAD, OPTIONS, PATCH, POST",
		"/pols/X/Y": "DELETE, GET, HEAD, OPTIONS, PATCH, POST", "/personal_docs/X": "GET, HEAD, OPTIONS", "/personal_docs/X/Y": "GET, HEAD, OPTIONS, POST",
		"/personal_docs/X/Y/Z": "DELETE, GET, HEAD, OPTIONS, PATCH", "/domiciliary-units": "GET, HEAD, OPTIONS", "/institutions": "GET, HEAD, OPTIONS",
		"/domiciliary-units/X": "DELETE, GET, HEAD, OPTIONS, PATCH, POST", "/institutions/X": "DELETE, GET, HEAD, OPTIONS, PATCH, POST",
		"/password/X": "GET, HEAD, OPTIONS, POST", "/people/A%2FB": "DELETE, GET, HEAD, OPTIONS, PATCH, POST",
	} {
		t.Run(path, func(t *testing.T) {
			for _, method := range []string{"PUT", "FOO", "TRACE", "PROPFIND", "get", "PoST"} {
				a := h.Do(nobody, method, path, "").Want(t, http.StatusMethodNotAllowed)
				if a.Header.Get("Allow") != allow {
					t.Errorf("%s %s: Allow is %q, want %q", method, path, a.Header.Get("Allow"), allow)
				}
			}
			a := h.Do(nobody, "OPTIONS", path, "").Want(t, http.StatusNoContent)
			if a.Header.Get("Allow") != allow || a.Header.Get("WWW-Authenticate") != "" {
				t.Errorf("OPTIONS %s: Allow is %q, want %q", path, a.Header.Get("Allow"), allow)
			}
		})
	}
	for _, path := range []string{"/nothing", "/people/X/Y", "/pols", "/People", "/people/", "/login/"} {
		for _, method := range []string{"GET", "POST", "FOO", "OPTIONS"} {
			h.Do(nobody, method, path, "").Want(t, http.StatusNotFound)
		}
	}
}

// Every reply, whoever asks and whatever comes of it, has these headers.
func TestEveryReplyHasItsSafetyHeaders(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, row := range slices.Concat(h.Rows, h.FHIR) {
		path := row.Pattern
		for _, account := range [][]string{nobody, other, root} {
			a := h.DoRow(account, row, other[0])
			if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("X-Request-Id") == "" {
				t.Errorf("%s %s, %d: headers %v", row.Method, path, a.StatusCode, a.Header)
			}
			if cache := a.Header.Get("Cache-Control"); row.Endpoint != "" && cache != "no-store" && cache != "private, no-cache" {
				t.Errorf("%s %s, %d: Cache-Control %q", row.Method, path, a.StatusCode, cache)
			}
			if html := strings.HasPrefix(a.Header.Get("Content-Type"), "text/html"); html && a.Header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s %s, %d: a page without a policy", row.Method, path, a.StatusCode)
			}
		}
	}
}

func TestEveryErrorIsOneSentence(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, a := range []testhub.Answer{
		h.Do(nobody, "GET", "/people", ""), h.Do(other, "GET", "/people", ""), h.Do(root, "GET", "/nothing", ""), h.Do(root, "PUT", "/people", ""),
		h.Do(root, "POST", "/people/NEW", "{"), h.Do(root, "POST", "/people/NEW", "[]"), h.Do(root, "GET", "/people?x=1", ""),
		h.Do(root, "DELETE", "/people/"+ana[0], ""), h.Do(root, "POST", "/institutions/INST1", "{}"), h.Do(root, "GET", "/pols/X/Y", ""),
		h.DoWith(root, "POST", "/people/NEW", "{}", "Content-Encoding", "gzip"),
	} {
		if a.StatusCode < http.StatusBadRequest || len(a.Failure().Error) < 10 {
			t.Errorf("%s %s: %d %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, a.Text)
		}
	}
}
