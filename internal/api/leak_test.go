// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// insides is words that would tell a caller how the server is made.
var insides = regexp.MustCompile(`(?i)sql|select|relation|column|table|\bpols\b|personal_docs|\bdus\b|pgx|pgconn|42P01|panic|goroutine|runtime|\.go\b|/tmp|/home|nil pointer|creation|closed pool|constraint|away\d|test_\d`)

// checkNeutral checks that a reply says that there is a fault, and nothing of it.
func (h *hub) checkNeutral(a testhub.Answer) {
	h.T.Helper()
	text := a.Comparable() // a request id may have any three letters
	if strings.HasPrefix(a.Request.URL.Path, "/password/") {
		_, text, _ = strings.Cut(a.Text, "</head>")
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			h.T.Errorf("the form's fault is %s", a.Header.Get("Content-Type"))
		}
	} else if a.Failure().Error == "" {
		h.T.Errorf("%s %s: no error object: %s", a.Request.Method, a.Request.URL.Path, a.Text)
	}
	if word := insides.FindString(text); word != "" {
		h.T.Errorf("%s %s tells %q: %s", a.Request.Method, a.Request.URL.Path, word, text)
	}
}

// breakages is SQL after which requests fail: method, path, body.
var breakages = []struct {
	sql      string
	requests [][3]string
}{
	{`ALTER TABLE dus RENAME TO away`, [][3]string{
		{"GET", "/domiciliary-units", ""}, {"GET", "/domiciliary-units/DU1", ""}, {"POST", "/domiciliary-units/X", "{}"},
		{"PATCH", "/domiciliary-units/DU1", "{}"}, {"DELETE", "/domiciliary-units/DU1", ""},
	}},
	{`ALTER TABLE institutions DROP COLUMN data CASCADE`, [][3]string{
		{"GET", "/institutions", ""}, {"GET", "/institutions/INST1", ""}, {"POST", "/institutions/X", "{}"},
		{"PATCH", "/institutions/INST1", "{}"},
	}},
	{`ALTER TABLE personal_docs RENAME COLUMN document TO away`, [][3]string{
		{"GET", "/personal_docs/ESPGNU777ORG", ""}, {"GET", "/personal_docs/ESPGNU777ORG/" + birthPage, ""},
		{"GET", "/personal_docs/ESPGNU777ORG/" + birthPage + "/8789981f-4e31-48d5-8eb8-1774dac8b8f6", ""},
		{"POST", "/personal_docs/ESPGNU777ORG/" + birthPage, "bytes"},
	}},
	{`ALTER TABLE pols RENAME TO away2`, [][3]string{
		{"GET", "/pols/ESPGNU777ORG", ""}, {"GET", "/pols/ESPGNU777ORG/" + birthPage, ""},
		{"POST", "/pols/ESPGNU777ORG/x", `{"id":"x"}`}, {"PATCH", "/pols/ESPGNU777ORG/" + birthPage, "{}"},
		{"DELETE", "/pols/ESPGNU777ORG/" + birthPage, ""}, {"POST", "/personal_docs/ESPGNU777ORG/" + birthPage, "bytes"},
	}},
	{`ALTER TABLE people DROP COLUMN creation CASCADE`, [][3]string{
		{"POST", "/people/ESPGNU777ORG", "{}"},
	}},
	{`ALTER TABLE people ADD CONSTRAINT away3 CHECK (data ->> 'name' <> 'new')`, [][3]string{
		{"POST", "/people/X", `{"name":"new"}`}, {"PATCH", "/people/ESPGNU777ORG", `{"name":"new"}`},
	}},
	{`ALTER TABLE people RENAME TO away4`, [][3]string{
		{"GET", "/login", ""}, {"GET", "/people", ""}, {"GET", "/password/ESPGNU777ORG", ""}, {"POST", "/password/ESPGNU777ORG", "x"},
	}},
}

func TestAFaultOfTheDatabaseIsToldToTheLogOnly(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	var faults []testhub.Answer
	for _, b := range breakages {
		h.DB.Exec(b.sql)
		for _, r := range b.requests {
			faults = append(faults, h.Do(root, r[0], r[1], r[2]).Want(t, http.StatusInternalServerError))
		}
	}
	for _, a := range faults {
		h.checkNeutral(a)
		if cause, _ := h.EntryOf(a)["error"].(string); !strings.Contains(cause, "SQLSTATE") {
			t.Errorf("%s %s: the log tells %q, not what PostgreSQL said", a.Request.Method, a.Request.URL.Path, cause)
		}
	}
}

func TestWithoutADatabaseClientsAreAskedToTryAgain(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	h.WatchHealth()
	h.DB.Close()
	for _, path := range []string{"/login", "/people", "/people/ESPGNU777ORG", "/password/ESPGNU777ORG", "/health/ready"} {
		a := h.Do(root, "GET", path, "").Want(t, http.StatusServiceUnavailable)
		h.checkNeutral(a)
		if a.Header.Get("Retry-After") == "" {
			t.Errorf("%s does not say when to try again", path)
		}
	}
	h.Do(nobody, "GET", "/health/live", "").Want(t, http.StatusOK)
	h.Do(nobody, "GET", "/", "").Want(t, http.StatusOK)
}

func TestConnectionsThatAreCutAreReplaced(t *testing.T) {
	t.Parallel()
	h := logHub(t)
	h.Do(root, "GET", "/people", "").Want(t, http.StatusOK)
	h.DB.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'thalamus'`)
	const pool = 8
	for range pool {
		if a := h.Do(root, "GET", "/login", ""); a.StatusCode != http.StatusOK {
			h.checkNeutral(a.Want(t, http.StatusServiceUnavailable))
		}
	}
	h.Do(root, "GET", "/people", "").Want(t, http.StatusOK)
}
