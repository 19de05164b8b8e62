// SPDX-License-Identifier: GPL-3.0-or-later

package metrics_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// values are what labels may say, besides routes and the statuses and versions that are numbers. There is
// nothing here that a client has written.
var values = map[string][]string{
	"method":  {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "other"},
	"outcome": {"right", "wrong", "throttled", "failed"},
	"cache":   {"passwords", "accounts"},
	"budget":  {"memory", "spool"},
	"pool":    {"requests", "reserved"},
	"state":   {"used", "idle"},
	"lane":    {"writes", "lists", "changes"},
	"kind":    {"stream", "long_poll", "page"},
	"table":   {"people", "pols", "personal_docs", "dus", "institutions", "thalamus_changes", "thalamus_feed", "thalamus_access"},
}

var numbers = map[string]*regexp.Regexp{
	"status":    regexp.MustCompile(`^[1-5]\d\d$`),
	"le":        regexp.MustCompile(`^([0-9.]+|\+Inf)$`),
	"quantile":  regexp.MustCompile(`^[01]\.?\d*$`),
	"version":   regexp.MustCompile(`^(go)?[0-9.]+$`),
	"goversion": regexp.MustCompile(`^go[0-9.]+$`),
}

// mayBe reports whether a label may say that on this hub.
func (h *hub) mayBe(label, value string) bool {
	if number := numbers[label]; number != nil {
		return number.MatchString(value)
	}
	if label != "route" {
		return slices.Contains(values[label], value)
	}
	for _, row := range slices.Concat(h.Rows, h.Pages) {
		if row.Pattern == value {
			return true
		}
	}
	return value == ""
}

func TestNoLabelHoldsAnythingOfAPerson(t *testing.T) {
	t.Parallel()
	h := quickHub(t).start()
	h.visit()
	h.await("thalamus_database_bytes", positive)
	h.await(`thalamus_http_refusals_repeated_total{route="/people/{person}",status="403"}`, positive)

	reply := httptest.NewRecorder()
	h.shown.ServeHTTP(reply, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	page := reply.Body.String()
	label := regexp.MustCompile(`[{,]([a-z]+)="((?:[^"\\]|\\.)*)"`)
	seen := map[string]bool{}
	for line := range strings.Lines(page) {
		name, labels, _ := strings.Cut(line, "{")
		if strings.HasPrefix(line, "#") || labels == "" {
			continue
		}
		for _, found := range label.FindAllStringSubmatch("{"+labels, -1) {
			seen[found[1]] = true
			if !h.mayBe(found[1], found[2]) {
				t.Errorf("%s has %s=%q", name, found[1], found[2])
			}
		}
	}
	for name := range values {
		if !seen[name] {
			t.Errorf("no label is %s", name)
		}
	}
	for _, personal := range []string{ana[0], strings.ToLower(ana[0]), cameron[0], root[0], testhub.BirthPage, "NOBODY", "secret", "127.0.0.1", "192.0.2", "Betz", "lost", "attachment"} {
		if strings.Contains(page, personal) {
			t.Errorf("%s is in it", personal)
		}
	}
}

// visit asks for everything in odd ways.
func (h *hub) visit() {
	paths := []string{
		"/people", "/people?q=Betz", "/people/" + ana[0], "/people/" + testhub.Small(ana), "/people/NOBODY%2Fsecret", "/pols/" + ana[0],
		"/pols/" + ana[0] + "/" + testhub.BirthPage, "/pols/" + ana[0] + "/lost", "/personal_docs/" + ana[0], "/people/" + ana[0] + "/access",
		"/secret/" + ana[0], "/%ff/" + ana[0], "/portal/secret/" + ana[0], "/portal/pages/" + testhub.BirthPage, "/changes?person=" + ana[0],
	}
	for _, account := range [][]string{ana, cameron, root, nobody, {"NOBODY", "secret"}, {ana[0], "secret"}} {
		for _, path := range paths {
			for _, method := range []string{"GET", "HEAD", "OPTIONS", "PATCH", "secret", "DELETE"} {
				if method == "DELETE" && path != "/secret/"+ana[0] {
					continue
				}
				h.DoWith(account, method, path, "", "X-Forwarded-For", "192.0.2.7", "User-Agent", "secret", "X-Request-Id", "secret")
			}
		}
	}
	for range 4 {
		h.Do(ana, "GET", "/people/"+root[0]+"?secret=secret", "")
	}
	h.DoWith(root, "POST", "/personal_docs/"+ana[0]+"/"+testhub.BirthPage+"?id=secret", "secret", "Content-Disposition", `attachment; filename="secret"`)
	browser := h.SignIn(ana)
	for _, path := range []string{"/portal/", "/portal/pages/" + testhub.BirthPage, "/portal/people/" + ana[0]} {
		browser.Get(path)
	}
}
