// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"thalamus/internal/testhub"
)

func TestEachRequestIsOneLineOfTheLog(t *testing.T) {
	t.Parallel()
	h := testhub.Logged(t)
	type logged struct {
		testhub.Answer
		route, account string
	}

	all := []logged{
		{h.Do(cameron, "GET", "/people/ESPGNU777ORG", ""), "/people/{person}", cameron[0]},
		{h.Do(cameron, "GET", "/people", ""), "/people", cameron[0]},
		{h.Do(cameron, "HEAD", "/people", ""), "/people", cameron[0]},
		{h.Do(cameron, "POST", "/people/NEW1", "{}"), "/people/{person}", cameron[0]},
		{h.Do(cameron, "POST", "/people/NEW2", "{"), "/people/{person}", cameron[0]},
		{h.Do(cameron, "GET", "/pols/ESPGNU777ORG/none", ""), "/pols/{person}/{page}", cameron[0]},
		{h.Do(other, "GET", "/people/ESPGNU777ORG", ""), "/people/{person}", other[0]},
		{h.Do([]string{other[0], "wrong"}, "GET", "/login", ""), "/login", ""},
		{h.Do(nobody, "GET", "/", ""), "/", ""},
		{h.Do(root, "GET", "/password/ESPGNU777ORG", ""), "/password/{person}", root[0]},
		{h.Do(root, "DELETE", "/institutions/INST1", ""), "/institutions/{institution}", root[0]},
	}
	for _, a := range all {
		e := h.EntryOf(a.Answer)
		want := testhub.Entry{
			"route": a.route, "account": a.account, "method": a.Request.Method,
			"status": float64(a.StatusCode), "bytes": float64(len(a.Text)), "from": "127.0.0.1",
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

	if n := len(h.Entries("request", "")); n != len(all) {
		t.Errorf("%d lines for %d requests", n, len(all))
	}

	if strings.Contains(h.Log.String(), "ESPGNU777ORG") {
		t.Error("the log has a path with somebody's account id")
	}
}

func TestRequestsThatReachNoRouteAreLoggedToo(t *testing.T) {
	t.Parallel()
	h := testhub.Logged(t)
	for _, a := range []testhub.Answer{
		h.Do(nobody, "GET", "/nothing/here", "").Want(t, http.StatusNotFound),
		h.Do(nobody, "PUT", "/people", "").Want(t, http.StatusMethodNotAllowed),
		h.Do(nobody, "FOO", "/people", "").Want(t, http.StatusMethodNotAllowed),
		h.Do(nobody, "OPTIONS", "/people", "").Want(t, http.StatusNoContent),
		h.DoWith(nobody, "OPTIONS", "/people", "", "Origin", portalOrigin, "Access-Control-Request-Method", "GET").Want(t, http.StatusNoContent),
		h.DoWith(nobody, "POST", "/people/X", "", "Origin", portalOrigin).Want(t, http.StatusForbidden),
	} {
		if e := h.EntryOf(a); e["status"] != float64(a.StatusCode) || e["account"] != "" {
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
		ids = append(ids, h.DoWith(nobody, "GET", "/login", "", "X-Request-Id", "mine").Header.Get("X-Request-Id"))
	}

	if slices.Sort(ids); len(slices.Compact(ids)) != 20 || slices.Contains(ids, "") || slices.Contains(ids, "mine") {
		t.Errorf("ids: %q", ids)
	}
}

func TestFaultsAreErrorsInTheLogAndRefusalsAreNot(t *testing.T) {
	t.Parallel()
	h := testhub.Logged(t)
	h.DB.Exec(`ALTER TABLE pols RENAME TO gone`)

	fault := h.Do(ana, "GET", "/pols/"+ana[0], "").Want(t, http.StatusInternalServerError)
	refusal := h.Do(ana, "GET", "/people", "").Want(t, http.StatusForbidden)
	var level slog.Level
	for a, want := range map[*testhub.Answer]slog.Level{&fault: slog.LevelError, &refusal: slog.LevelInfo} {
		text, _ := json.Marshal(h.EntryOf(*a)["level"])
		if err := json.Unmarshal(text, &level); err != nil || level != want {
			t.Errorf("status %d has level %s, want %s", a.StatusCode, text, want)
		}
	}
}

func TestALogOfErrorsOnlyHasNoOtherRequests(t *testing.T) {
	t.Parallel()
	book := &testhub.LogBuffer{}
	h := quickHub(t, func(o *testhub.Options) {
		o.Log = slog.New(slog.NewJSONHandler(book, &slog.HandlerOptions{Level: slog.LevelError}))
	})

	h.Log = book
	h.DB.Exec(`ALTER TABLE pols RENAME TO gone`)
	h.Do(ana, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	h.Do(ana, "GET", "/pols/"+ana[0], "").Want(t, http.StatusInternalServerError)

	if found := h.Entries("request", ""); len(found) != 1 || found[0]["status"] != float64(http.StatusInternalServerError) {
		t.Errorf("got %v", found)
	}
}

// Requests that wait for the same give up together.
func TestAnOutageIsALineASecondAmongTheErrors(t *testing.T) {
	t.Parallel()
	const waiting = 20
	h := testhub.Logged(t, shortTimeout)
	h.Do(root, "GET", "/login", "").Want(t, http.StatusOK)
	h.DB.Hold(`LOCK TABLE dus IN ACCESS EXCLUSIVE MODE`)
	var asked sync.WaitGroup

	for range waiting {
		asked.Go(func() { h.Do(root, "GET", "/domiciliary-units/U", "").Want(t, http.StatusServiceUnavailable) })
	}

	asked.Wait()
	h.Close() // a line comes after its reply

	lines, errors := 0, 0
	for _, e := range h.Entries("request", "") {
		if e["status"] != float64(http.StatusServiceUnavailable) {
			continue
		}

		lines++
		if e["level"] == "ERROR" {
			errors++
		}
	}

	if lines != waiting || errors == 0 || errors > waiting/2 {
		t.Errorf("%d lines, %d of them errors, for %d requests", lines, errors, waiting)
	}
}
