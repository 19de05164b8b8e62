// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

const overriding = "X-HTTP-Method-Override"

// postAs sends a POST that says it is of another method.
func (h *hub) postAs(method string, account []string, path, body string, headers ...string) testhub.Answer {
	h.T.Helper()
	return h.DoWith(account, "POST", path, body, append([]string{overriding, method}, headers...)...)
}

// Every client, Java's HttpURLConnection included, is answered as to PATCH.
func TestAPostThatSaysItIsPatchIsOne(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(root, "POST", birthDocs+"?id=d", "bytes").Want(t, 201)
	var patterns []string

	for _, row := range h.Rows {
		patterns = append(patterns, row.Pattern)
	}

	accounts := [][]string{nobody, {ana[0], "wrong"}, h.Enrol("STRANGER"), ana, other, cameron, root}
	for _, pattern := range slices.Compact(patterns) {
		for _, person := range []string{ana[0], strings.ToLower(other[0])} {
			path := strings.NewReplacer("{person}", person, "{page}", birthPage, "{document}", "d", "{unit}", "DU1", "{institution}", "INST1").Replace(pattern)
			for _, account := range accounts {
				want := h.Do(account, "PATCH", path, `{"n": 1}`)
				got := h.postAs("PATCH", account, path, `{"n": 1}`).Want(t, want.StatusCode)
				if got.Comparable() != want.Comparable() || got.Header.Get("Allow") != want.Header.Get("Allow") {
					t.Errorf("%s by %v: %s, Allow %s, and %s, Allow %s, to PATCH", path, account, got.Text, got.Header.Get("Allow"), want.Text, want.Header.Get("Allow"))
				}
			}
		}
	}
}

func TestAPostThatSaysItIsPatchChangesARecord(t *testing.T) {
	t.Parallel()
	recorded, l := testhub.Recorded(t)
	h := &hub{recorded}
	later := "/pols/" + ana[0] + "/later"
	h.Do(ana, "POST", later, `{"id": "later", "n": 1}`).Want(t, 201)
	l.Take()

	a := h.postAs("PATCH", ana, later, `{"n": 2}`, "If-Match", `"1"`).Want(t, 200)
	if got := a.Fields(t)["n"]; got != 2.0 || a.Header.Get("ETag") != `"2"` {
		t.Errorf("n is %v, ETag %s", got, a.Header.Get("ETag"))
	}

	if got := l.One(t, a); !strings.Contains(got, " PATCH page ") {
		t.Errorf("the access record says %s", got)
	}

	if line := h.Log.String()[strings.LastIndex(h.Log.String(), "request="):]; !strings.Contains(line, "method=PATCH") {
		t.Errorf("the log says %s", line)
	}

	h.postAs("PATCH", ana, later, `{"n": 3}`, "If-Match", `"1"`).Want(t, 412)
	h.postAs("PATCH", ana, later+"er", `{"id": "later-er"}`).Want(t, 404)
}

// A POST that was meant to delete something must not create it.
func TestAPostThatSaysItIsAnythingElseIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, method := range []string{"DELETE", "PUT", "GET", "HEAD", "patch", " PATCH;", "PATCH,DELETE", "PATCH, PATCH", "X"} {
		h.postAs(method, root, "/institutions/new", `{}`).Want(t, 400)
		h.postAs(method, nobody, "/institutions/new", `{}`).Want(t, 401)
		h.postAs(method, ana, "/institutions/new", `{}`).Want(t, 403)
		h.postAs(method, root, "/people", `{}`).Want(t, 405)
		h.postAs(method, root, "/institutions/new", `{}`, overriding, "PATCH").Want(t, 400)
		h.postAs("PATCH", root, "/institutions/new", `{}`, overriding, method).Want(t, 400)
	}

	h.Do(root, "GET", "/institutions/new", "").Want(t, 404)
	for _, id := range []string{"POST", ""} {
		h.postAs(id, root, "/institutions/new"+id, `{}`).Want(t, 201)
	}
}

func TestOnlyAPostIsOverridden(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, c := range []struct {
		method string
		status int
	}{{"GET", 200}, {"HEAD", 200}, {"OPTIONS", 204}, {"PATCH", 200}, {"PUT", 405}, {"DELETE", 204}} {
		t.Run(c.method, func(t *testing.T) {
			h.DoWith(root, c.method, "/institutions/INST1", `{}`, overriding, "PATCH").Want(t, c.status)
		})
	}
}

// Scripts of other sites send PATCH itself, and their forms can send no header.
func TestOtherSitesOverrideNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.CORSOrigins = []string{portalOrigin} })
	for _, origin := range []string{portalOrigin, "https://evil.example"} {
		for contentType, ofForm := range contentTypes {
			want := http.StatusOK
			if ofForm {
				want = http.StatusForbidden
			}
			h.postAs("PATCH", root, "/institutions/INST1", `{}`, "Origin", origin, "Content-Type", contentType).Want(t, want)
		}

		preflight := h.DoWith(nobody, "OPTIONS", "/institutions/INST1", "", "Origin", origin, "Access-Control-Request-Method", "POST",
			"Access-Control-Request-Headers", overriding).Want(t, 204)
		if allowed := preflight.Header.Get("Access-Control-Allow-Headers"); strings.Contains(strings.ToLower(allowed), "override") {
			t.Errorf("%s may send %s", origin, allowed)
		}
	}
}
