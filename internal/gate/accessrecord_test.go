// SPDX-License-Identifier: GPL-3.0-or-later

package gate_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// The records of these endpoints are about no person.
var aboutNobody = []access.Endpoint{"", "login", "domiciliaryunits", "domiciliaryunit", "institutions", "institution", "statistics"}

// A new row is recorded, or stands in the list above.
func TestEveryRowAboutPersonsIsRecorded(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	stranger := h.Enrol("STRANGER")

	for _, row := range slices.Concat(h.Rows, h.FHIR) {
		personal := !slices.Contains(aboutNobody, row.Endpoint)
		if personal != (strings.Contains(row.Pattern, "{person}") || row.Endpoint == "people" || row.Endpoint == "changes" || row.Endpoint == "emergencies" || row.Endpoint == "matches" || row.Subject == gate.OfLookup) {
			t.Errorf("%s: is %s about persons?", row.Pattern, row.Endpoint)
		}

		h.DoRow(nobody, row, ana[0])
		if lines := l.Take(); len(lines) != 0 {
			t.Errorf("%s %s without credentials: %q", row.Method, row.Pattern, lines)
		}

		refused := h.DoRow(stranger, row, ana[0])
		if !personal {
			h.DoRow(root, row, ana[0])
			if lines := l.Take(); len(lines) != 0 {
				t.Errorf("%s %s: %q", row.Method, row.Pattern, lines)
			}
			continue
		}

		wantLineForEach(t, row, "STRANGER ", l.Of(t, refused.Want(t, http.StatusForbidden)), " 403")
		if row.Method == http.MethodGet || row.Grant == http.MethodGet {
			a := h.DoRow(root, row, ana[0])
			if strings.HasSuffix(row.Pattern, "/$everything") {
				row.Besides = append(row.Besides, access.PersonalDocs) // which root may read, too
			}
			wantLineForEach(t, row, root[0]+" root", l.Of(t, a), a.Status[:3])
		}
	}
}

// wantLineForEach wants one line for each endpoint of a row, which begins with who asks and ends with the status.
func wantLineForEach(t *testing.T, row gate.Row, who string, lines []string, status string) {
	t.Helper()
	endpoints := append([]access.Endpoint{row.Endpoint}, row.Besides...)
	if len(lines) != len(endpoints) {
		t.Errorf("%s %s: %d lines, want %d: %q", row.Method, row.Pattern, len(lines), len(endpoints), lines)
		return
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, who+" "+row.Method+" "+string(endpoints[i])) || !strings.HasSuffix(line, status) {
			t.Errorf("%s %s: %s", row.Method, row.Pattern, line)
		}
	}
}

func TestTheAccessRecordHasItsFields(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user", "health_professional", "librarian", "end_user"]}' WHERE id = $1`, cameron[0])
	const bytes = "/personal_docs/ESPGNU777ORG/119b352e-8e4f-4847-9f05-53462cf94f10/scan"
	h.Do(root, "POST", strings.TrimSuffix(bytes, "/scan")+"?id=scan", "0123456789")
	l.Take()

	for _, c := range []struct {
		account      []string
		method, path string
		want         string
		headers      []string
	}{
		{ana, "GET", "/people/ESPGNU777ORG?x", "ESPGNU777ORG end_user GET person ESPGNU777ORG   200", nil},
		{ana, "HEAD", "/people/ESPGNU777ORG", "ESPGNU777ORG end_user HEAD person ESPGNU777ORG   200", nil},
		{cameron, "GET", "/people/ESPGNU777ORG", "ITAPYT999HON health_professional GET person ESPGNU777ORG   200", nil},
		{cameron, "GET", "/people/ITAPYT999HON", "ITAPYT999HON end_user+health_professional GET person ITAPYT999HON   200", nil},
		{cameron, "GET", "/people", "ITAPYT999HON health_professional GET people    200", nil},
		{cameron, "HEAD", "/people", "ITAPYT999HON health_professional HEAD people    200", nil},
		{cameron, "GET", "/people?nam=Ana", "ITAPYT999HON health_professional GET people    422", nil},
		{cameron, "GET", "/people/NOBODY", "ITAPYT999HON health_professional GET person NOBODY   404", nil},
		{other, "GET", "/people/ESPGNU777ORG", "FRAOTH001EUS end_user GET person ESPGNU777ORG   403", nil},
		{other, "PATCH", "/people/ESPGNU777ORG", "FRAOTH001EUS end_user PATCH person ESPGNU777ORG   403", nil},
		{ana, "GET", "/pols/ESPGNU777ORG", "ESPGNU777ORG end_user GET book ESPGNU777ORG   200", nil},
		{ana, "GET", "/pols/ESPGNU777ORG/" + birthPage, "ESPGNU777ORG end_user GET page ESPGNU777ORG " + birthPage + "  200", nil},
		{root, "GET", "/personal_docs/ESPGNU777ORG", "ARGBUE111FAV root GET personaldocs ESPGNU777ORG   200", nil},
		{root, "GET", bytes, "ARGBUE111FAV root GET document ESPGNU777ORG " + birthPage + " scan 200", nil},
		{root, "GET", bytes, "ARGBUE111FAV root GET document ESPGNU777ORG " + birthPage + " scan 206", []string{"Range", "bytes=2-3"}},
		{root, "GET", bytes, "ARGBUE111FAV root GET document ESPGNU777ORG " + birthPage + " scan 416", []string{"Range", "bytes=20-"}},
		{root, "GET", "/people/a%2Fb", "ARGBUE111FAV root GET person a/b   404", nil},
	} {
		a := h.DoWith(c.account, c.method, c.path, "", c.headers...)
		if got := l.One(t, a); got != c.want || !strings.HasSuffix(got, a.Status[:3]) {
			t.Errorf("%s %s: status %d\ngot  %s\nwant %s", c.method, c.path, a.StatusCode, got, c.want)
		}
	}
}

// A PATCH of nothing would be a way to read.
func TestAWriteIsRecordedWhereItsReplyShowsTheRecord(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	a := h.Do(cameron, "PATCH", "/people/ESPGNU777ORG", "{}").Want(t, http.StatusOK)
	if got, want := l.One(t, a), "ITAPYT999HON health_professional PATCH person ESPGNU777ORG   200"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}

	h.Do(cameron, "POST", "/people/NEW1", `{"a":1}`).Want(t, http.StatusCreated) // tells nothing that was not sent
	if lines := l.Take(); len(lines) != 0 {
		t.Errorf("of a creation: %q", lines)
	}

	a = h.Do(cameron, "POST", "/people/NEW1", `{"a":1}`).Want(t, http.StatusOK)
	if got, want := l.One(t, a), "ITAPYT999HON health_professional POST person NEW1   200"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}

	h.Do(root, "PATCH", "/institutions/NEW", `{}`).Want(t, http.StatusNotFound)
	h.Do(root, "POST", "/institutions/NEW", `{}`).Want(t, http.StatusCreated)
	h.Do(root, "PATCH", "/people/NOBODY", `{}`).Want(t, http.StatusNotFound)
	h.Do(root, "POST", "/people/NEW2", `{`).Want(t, http.StatusBadRequest)

	if lines := l.Take(); len(lines) != 0 {
		t.Errorf("replies that show nothing of a person: %q", lines)
	}

	l.FailWith(errors.New("the disk is full"))
	if a := h.Do(cameron, "PATCH", "/people/NEW1", `{"b":1}`).Want(t, http.StatusOK); a.Text != "{}" {
		t.Errorf("unrecorded, it shows %s", a.Text)
	}

	l.FailWith(nil)
	h.Do(cameron, "PATCH", "/people/NEW1", `{"b":1}`).Want(t, http.StatusOK)

	a = h.Do(cameron, "PATCH", "/people/NEW1", `{"roles":["root"]}`).Want(t, http.StatusForbidden)
	if lines := l.Take(); len(lines) != 2 || !strings.Contains(lines[1], `"status":403`) || !strings.Contains(lines[1], a.Header.Get("X-Request-Id")) {
		t.Errorf("a refusal by the handler: %q", lines)
	}
}

// The reply must not be under way before the line is written.
func TestTheAccessRecordIsWrittenBeforeTheReply(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	recorded, replied := make(chan struct{}), make(chan testhub.Answer)
	resume := make(chan struct{})
	l.Before = func(string) { close(recorded); <-resume }
	go func() { replied <- h.Do(cameron, "GET", "/people", "") }()
	<-recorded

	select {
	case <-replied:
		t.Error("the reply came before the line")
	default:
	}

	close(resume)
	(<-replied).Want(t, http.StatusOK)
}

func TestWithoutAnAccessRecordNothingIsRead(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	h.Do(root, "POST", "/personal_docs/ESPGNU777ORG/"+birthPage+"?id=scan", "0123456789")
	l.Take()

	paths := []string{"/people", "/people/ESPGNU777ORG", "/pols/ESPGNU777ORG", "/pols/ESPGNU777ORG/" + birthPage,
		"/personal_docs/ESPGNU777ORG", "/personal_docs/ESPGNU777ORG/" + birthPage + "/scan", "/people/NOBODY", "/password/ESPGNU777ORG"}
	for _, path := range paths {
		for _, method := range []string{"GET", "HEAD"} {
			l.FailWith(errors.New("the disk is full"))
			first := h.Do(root, method, path, "")  // the failure is found when the reply begins
			second := h.Do(root, method, path, "") // and known before the handler
			for _, a := range []testhub.Answer{first, second} {
				checkUnrecorded(t, a)
			}

			h.Do(root, "GET", "/institutions", "").Want(t, http.StatusOK)
			l.FailWith(nil)
			checkUnrecorded(t, h.Do(root, method, path, "")) // the line that finds the record whole says 503

			a := h.Do(root, method, path, "")
			if lines := l.Take(); len(lines) != 2 || !strings.Contains(lines[0], `"status":503`) || !strings.Contains(lines[1], `"status":`+a.Status[:3]) || a.StatusCode == 503 {
				t.Errorf("%s %s, when it can be written again: %d %q", method, path, a.StatusCode, lines)
			}
		}
	}
}

func TestARefusalThatCannotBeRecordedIs503(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	l.FailWith(errors.New("the disk is full"))

	for range 2 {
		checkUnrecorded(t, h.Do(other, "GET", "/people/ESPGNU777ORG", ""))
		checkUnrecorded(t, h.Do(other, "DELETE", "/people/ESPGNU777ORG", ""))
		checkUnrecorded(t, h.DoWith(root, "GET", "/people/ESPGNU777ORG", "", "Origin", portalOrigin))
	}

	l.FailWith(nil)
	h.Do(other, "GET", "/people/ESPGNU777ORG", "").Want(t, http.StatusForbidden)
}

// checkUnrecorded wants a reply that reveals nothing of the one that could not be recorded.
func checkUnrecorded(t testing.TB, a testhub.Answer) {
	t.Helper()
	a.Want(t, http.StatusServiceUnavailable)
	names := []string{}

	for name := range a.Header {
		names = append(names, name)
	}

	slices.Sort(names)
	want := []string{"Cache-Control", "Content-Length", "Content-Type", "Date", "Retry-After", "X-Content-Type-Options", "X-Request-Id"}

	method, isForm := a.Request.Method, strings.HasPrefix(a.Request.URL.Path, "/password/")
	if isForm {
		want = append(want, "Content-Security-Policy", "Referrer-Policy")
	}

	if !isForm && (method == "GET" || method == "HEAD") {
		want = append(want, "Vary")
	}

	if a.Request.Header.Get("Origin") != "" {
		want = append(want, "Access-Control-Allow-Origin", "Access-Control-Expose-Headers")
	}

	slices.Sort(want)
	if diff := cmp.Diff(want, names); diff != "" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s %s (-want +got)\n%s", a.Request.Method, a.Request.URL.Path, diff)
	}

	if a.Request.Method != "HEAD" && !strings.Contains(a.Text, "must be recorded") || strings.Contains(a.Text, "disk") {
		t.Errorf("%s %s: %s", a.Request.Method, a.Request.URL.Path, a.Text)
	}
}

// Once the record is known to be broken, the database is not even asked.
func TestABrokenAccessRecordKeepsReadsFromTheDatabase(t *testing.T) {
	t.Parallel()
	h, l := testhub.Recorded(t)
	l.FailWith(errors.New("the disk is full"))
	checkUnrecorded(t, h.Do(ana, "GET", "/pols/ESPGNU777ORG", ""))
	h.DB.Exec(`ALTER TABLE pols RENAME TO gone`)
	checkUnrecorded(t, h.Do(ana, "GET", "/pols/ESPGNU777ORG", ""))
	l.FailWith(nil)
	checkUnrecorded(t, h.Do(ana, "GET", "/pols/ESPGNU777ORG", ""))
	l.Take()

	a := h.Do(ana, "GET", "/pols/ESPGNU777ORG", "").Want(t, http.StatusInternalServerError)
	if got := l.One(t, a); !strings.HasSuffix(got, " 500") {
		t.Errorf("a fault: %s", got)
	}
}

func TestAPanicIsRecordedAsTheFaultItIs(t *testing.T) {
	t.Parallel()
	var err error
	h, l := testhub.Recorded(t, func(o *testhub.Options) {
		o.Verifier, err = auth.NewVerifier(auth.Options{Accounts: auth.NewAccountCache(o.Store.Credentials), Cost: 4, Workers: 2})
		o.Store = nil
	})

	if err != nil {
		t.Fatal(err)
	}

	a := h.Do(other, "GET", "/people/"+other[0], "").Want(t, http.StatusInternalServerError)
	if got := l.One(t, a); !strings.HasSuffix(got, " 500") {
		t.Errorf("got %s", got)
	}
}
