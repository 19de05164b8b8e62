// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/web"
)

const browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

// failing is a gate whose rows all fail.
func failing(t *testing.T) *Gate {
	t.Helper()
	policy, _, err := access.Parse([]byte(`[]`))
	if err != nil {
		t.Fatal(err)
	}

	var rows []Row
	for pattern, failure := range map[string]error{
		"/400": fed.Errorf(fed.Malformed, "It is malformed."), "/409": fed.Errorf(fed.Conflict, "It is in the way."),
		"/413": fed.Errorf(fed.TooLarge, "It is too large."), "/429": &fed.Error{Kind: fed.TooMany, Msg: "It is too often.", Wait: 12 * time.Second},
		"/503": &fed.Error{Kind: fed.Unavailable, Msg: "It is busy."}, "/500": errors.New("secret cause"), "/panic": nil,
	} {
		rows = append(rows, Row{Method: http.MethodGet, Pattern: pattern, Handle: func(http.ResponseWriter, *http.Request, *Caller) error {
			if failure == nil {
				panic("secret fault")
			}
			return failure
		}})
	}

	rows = append(rows, Row{Method: http.MethodPost, Pattern: "/405"}, Row{Method: http.MethodGet, Pattern: "/401", Endpoint: access.Person})
	site := web.Site{Title: "The village's clinic", Contact: "Room 7"}
	return New(Options{Policy: policy, Timeout: time.Minute, BasePath: "/hub", Site: site, Log: slog.New(slog.DiscardHandler)}, rows)
}

// Wherever an error comes from, a person reads a page, and a program an object.
func TestEveryErrorIsAPageForABrowserAndAnObjectForOthers(t *testing.T) {
	t.Parallel()
	g := failing(t)
	for path, c := range map[string]struct {
		status int
		says   string
	}{
		"/400": {400, "It is malformed."}, "/401": {401, "Log in with"}, "/nothing": {404, "nothing at this path"}, "/405": {405, "OPTIONS, POST only"},
		"/409": {409, "It is in the way."}, "/413": {413, "It is too large."}, "/429": {429, "It is too often.</p>\n<p>Try again in 12 s."},
		"/503": {503, "It is busy.</p>\n<p>Try again in 1 s."}, "/500": {500, "Request id: <code>"}, "/panic": {500, "Request id: <code>"},
	} {
		for accept, want := range map[string]string{browserAccept: "text/html; charset=utf-8", "*/*": "application/json", "": "application/json"} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			r.Header.Set("Accept", accept)
			w := httptest.NewRecorder()
			g.ServeHTTP(w, r)

			if w.Code != c.status || w.Header().Get("Content-Type") != want || !slices.Contains(w.Header()["Vary"], "Accept") {
				t.Errorf("%s for %q: %d, %v", path, accept, w.Code, w.Header())
			}

			body, named := w.Body.String(), c.status == 500 || accept != browserAccept
			if strings.Contains(body, "secret") || strings.Contains(body, w.Header().Get("X-Request-Id")) != named {
				t.Errorf("%s for %q: %s", path, accept, body)
			}

			if accept != browserAccept {
				continue
			}

			for _, part := range []string{c.says, "<html lang=\"en\">", "name=\"viewport\"", "The village&#39;s clinic", "Room 7", "href=\"/hub/\""} {
				if !strings.Contains(body, part) {
					t.Errorf("%s has no %q: %s", path, part, body)
				}
			}
		}
	}
}
