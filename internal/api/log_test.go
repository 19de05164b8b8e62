// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// entry is a line of the log.
type entry map[string]any

// logHub is a quick hub with a log that can be read back.
func logHub(t testing.TB, change ...func(*testhub.Options)) *hub {
	t.Helper()
	book := &testhub.Logbook{}
	h := quickHub(t, append(change, func(o *testhub.Options) { o.Log = slog.New(slog.NewJSONHandler(book, nil)) })...)
	h.log = book
	return h
}

// entries ends the server, because a line is written after its reply, and gives
// the lines with this message that belong to the request; "" is every request.
func (h *hub) entries(message, request string) (found []entry) {
	h.t.Helper()
	h.Close()
	for line := range strings.Lines(h.log.String()) {
		e, ok := decode(h.t, line).(map[string]any)
		if ok && e["msg"] == message && (request == "" || e["request"] == request) {
			found = append(found, e)
		}
	}
	return found
}

// entryOf gives the one line about the request of a reply.
func (h *hub) entryOf(a answer) entry {
	h.t.Helper()
	found := h.entries("request", a.Header.Get("X-Request-Id"))
	if len(found) != 1 {
		h.t.Fatalf("%s %s has %d lines in the log, want 1", a.Request.Method, a.Request.URL.Path, len(found))
	}
	return found[0]
}

func TestEachRequestIsOneLineOfTheLog(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	type logged struct {
		answer
		route, account string
	}
	all := []logged{
		{h.do(cameron, "GET", "/people/ESPGNU777ORG", ""), "/people/{person}", cameron[0]},
		{h.do(cameron, "GET", "/people", ""), "/people", cameron[0]},
		{h.do(cameron, "HEAD", "/people", ""), "/people", cameron[0]},
		{h.do(cameron, "POST", "/people/NEW1", "{}"), "/people/{person}", cameron[0]},
		{h.do(cameron, "POST", "/people/NEW2", "{"), "/people/{person}", cameron[0]},
		{h.do(cameron, "GET", "/pols/ESPGNU777ORG/none", ""), "/pols/{person}/{page}", cameron[0]},
		{h.do(other, "GET", "/people/ESPGNU777ORG", ""), "/people/{person}", other[0]},
		{h.do([]string{other[0], "wrong"}, "GET", "/login", ""), "/login", ""},
		{h.do(nobody, "GET", "/", ""), "/", ""},
		{h.do(root, "GET", "/password/ESPGNU777ORG", ""), "/password/{person}", root[0]},
		{h.do(root, "DELETE", "/institutions/INST1", ""), "/institutions/{institution}", root[0]},
	}
	for _, a := range all {
		e := h.entryOf(a.answer)
		want := entry{
			"route": a.route, "account": a.account, "method": a.Request.Method,
			"status": float64(a.StatusCode), "bytes": float64(len(a.body)), "from": "127.0.0.1",
		}
		for key := range want {
			if e[key] != want[key] {
				t.Errorf("%s %s: %s is %v, want %v", a.Request.Method, a.Request.URL.Path, key, e[key], want[key])
			}
		}
		if took, ok := e["took"].(float64); !ok || took <= 0 {
			t.Errorf("took is %v", e["took"])
		}
	}
	if n := len(h.entries("request", "")); n != len(all) {
		t.Errorf("%d lines for %d requests", n, len(all))
	}
	if strings.Contains(h.log.String(), "ESPGNU777ORG") {
		t.Error("the log has a path with somebody's account id")
	}
}

func TestRequestsThatReachNoRouteAreLoggedToo(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	for _, a := range []answer{
		h.do(nobody, "GET", "/nothing/here", "").want(t, http.StatusNotFound),
		h.do(nobody, "PUT", "/people", "").want(t, http.StatusMethodNotAllowed),
		h.do(nobody, "FOO", "/people", "").want(t, http.StatusMethodNotAllowed),
		h.do(nobody, "OPTIONS", "/people", "").want(t, http.StatusNoContent),
		h.doWith(nobody, "OPTIONS", "/people", "", "Origin", portalOrigin, "Access-Control-Request-Method", "GET").want(t, http.StatusNoContent),
		h.doWith(nobody, "POST", "/people/X", "", "Origin", portalOrigin).want(t, http.StatusForbidden),
	} {
		if e := h.entryOf(a); e["status"] != float64(a.StatusCode) || e["account"] != "" {
			t.Errorf("%s %s: %v", a.Request.Method, a.Request.URL.Path, e)
		}
	}
}

// A client that chose the id could make its requests look like somebody else's.
func TestRequestIdsAreMadeHere(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	var ids []string
	for range 20 {
		ids = append(ids, h.doWith(nobody, "GET", "/login", "", "X-Request-Id", "mine").Header.Get("X-Request-Id"))
	}
	if slices.Sort(ids); len(slices.Compact(ids)) != 20 || slices.Contains(ids, "") || slices.Contains(ids, "mine") {
		t.Errorf("ids: %q", ids)
	}
}

func TestFaultsAreErrorsInTheLogAndRefusalsAreNot(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	h.db.Exec(`ALTER TABLE pols RENAME TO gone`)
	fault := h.do(ana, "GET", "/pols/"+ana[0], "").want(t, http.StatusInternalServerError)
	refusal := h.do(ana, "GET", "/people", "").want(t, http.StatusForbidden)
	var level slog.Level
	for a, want := range map[*answer]slog.Level{&fault: slog.LevelError, &refusal: slog.LevelInfo} {
		text, _ := json.Marshal(h.entryOf(*a)["level"])
		if err := json.Unmarshal(text, &level); err != nil || level != want {
			t.Errorf("status %d has level %s, want %s", a.StatusCode, text, want)
		}
	}
}

func TestALogOfErrorsOnlyHasNoOtherRequests(t *testing.T) {
	t.Parallel()
	book := &testhub.Logbook{}
	h := quickHub(t, func(o *testhub.Options) {
		o.Log = slog.New(slog.NewJSONHandler(book, &slog.HandlerOptions{Level: slog.LevelError}))
	})
	h.log = book
	h.db.Exec(`ALTER TABLE pols RENAME TO gone`)
	h.do(ana, "GET", "/people/"+ana[0], "").want(t, http.StatusOK)
	h.do(ana, "GET", "/pols/"+ana[0], "").want(t, http.StatusInternalServerError)
	if found := h.entries("request", ""); len(found) != 1 || found[0]["status"] != float64(http.StatusInternalServerError) {
		t.Errorf("got %v", found)
	}
}
