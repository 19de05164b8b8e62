// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"thalamus/internal/testhub"
)

// hospital is a hub with a hospital, a doctor of it, and one of nobody's.
func hospital(t *testing.T) (h *testhub.Hub, north, south []string) {
	t.Helper()
	h = quickHub(t)
	return h, enrolAt(h, "NORTHDOC", "NORTH", "North Hospital"), h.Enrol("SOUTHDOC", "health_professional")
}

// enrolAt makes an institution, and an account that belongs to it.
func enrolAt(h *testhub.Hub, account, institution, name string) []string {
	h.T.Helper()
	enrolled := h.Enrol(account, "health_professional")
	h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ($1, jsonb_build_object('name', $2::text))`, institution, name)
	h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('institution', $2::text) WHERE id = $1`, account, institution)
	return enrolled
}

// sayIn sends the form of a statement.
func sayIn(b testhub.Browser, base, effect, scope, kind, who, until string) testhub.Answer {
	return b.Post(base+"/new-consent", "effect", effect, "scope", scope, "kind", kind, "who", who, "until", until)
}

var consentPath = regexp.MustCompile(`href="(/portal/(?:people/\w+/)?consents/[^"]+)"`)

// She hides her psychiatric pages from one hospital until a day, sees it beside the pages, and takes it back.
func TestAPatientHidesPagesInThePortal(t *testing.T) {
	t.Parallel()
	h, north, south := hospital(t)
	addPage(h, ana[0], "psy", `{"domain": "psychosocial", "summary": "A bad spring", "page_date": "2026-05-01"}`)
	b := h.SignIn(ana)
	wantText(t, b.Get("/portal/new-consent").Want(t, http.StatusOK), `<option value="domain:psychosocial">psychosocial</option>`, `<option value="domain:medical">Medical</option>`)

	a := sayIn(b, "/portal", "deny", "domain:psychosocial", "institution", "north hospital", time.Now().AddDate(1, 0, 0).Format(time.DateOnly)).Want(t, http.StatusSeeOther)
	list := b.Get(a.Lead()).Want(t, http.StatusOK)
	wantText(t, list, "<b>Hide</b> · <bdi>psychosocial</bdi> · <bdi>North Hospital</bdi> (institution <bdi>NORTH</bdi>)", " · until <time")

	h.Do(north, "GET", "/pols/"+ana[0]+"/psy", "").Want(t, http.StatusNotFound)
	h.Do(south, "GET", "/pols/"+ana[0]+"/psy", "").Want(t, http.StatusOK)
	for _, path := range []string{"/portal/", "/portal/book", "/portal/page/psy"} {
		if got := strings.Count(b.Get(path).Want(t, http.StatusOK).Text, "Hidden from: <bdi>North Hospital</bdi>"); got != 1 {
			t.Errorf("%s says %d times from whom a page is hidden", path, got)
		}
	}

	one := consentPath.FindStringSubmatch(list.Text)[1]
	wantText(t, b.Get(one).Want(t, http.StatusOK), "End it now")
	h.Do(north, "GET", "/pols/"+ana[0]+"/psy", "").Want(t, http.StatusNotFound)
	b.Post(one).Want(t, http.StatusSeeOther)
	h.Do(north, "GET", "/pols/"+ana[0]+"/psy", "").Want(t, http.StatusOK)
	b.Post(one).Want(t, http.StatusNotFound)

	after := b.Get("/portal/consents").Want(t, http.StatusOK)
	wantText(t, after, "Nothing is said", "What counts no more", "taken back <time")
	wantText(t, b.Get(one).Want(t, http.StatusOK), "taken back <time")
	if strings.Contains(b.Get("/portal/book").Text, "Hidden from") || strings.Contains(b.Get(one).Text, "End it now") {
		t.Error("what was taken back counts still")
	}
}

// A page leads to the form that hides this very page, and whoever wrote it goes on reading it.
func TestAPageLeadsToTheFormThatHidesIt(t *testing.T) {
	t.Parallel()
	h, north, south := hospital(t)
	h.Do(north, "POST", "/pols/"+ana[0]+"/own", `{"id": "own", "page_date": "2026-05-01"}`).Want(t, http.StatusCreated)
	b := h.SignIn(ana)
	wantText(t, b.Get("/portal/page/own").Want(t, http.StatusOK), `href="/portal/new-consent?page=own"`)
	wantText(t, b.Get("/portal/new-consent?page=own").Want(t, http.StatusOK), `<option value="page:own" selected>This page</option>`, `<a href="/portal/page/own">page of <bdi>1 May 2026</bdi></a>`, "Whoever wrote a page goes on reading it")
	sayIn(b, "/portal", "deny", "page:own", "*", "", "").Want(t, http.StatusSeeOther)
	h.Do(south, "GET", "/pols/"+ana[0]+"/own", "").Want(t, http.StatusNotFound)
	h.Do(north, "GET", "/pols/"+ana[0]+"/own", "").Want(t, http.StatusOK)
	wantText(t, b.Get("/portal/consents"), `<a href="/portal/page/own">page of`, "Everybody")
	wantText(t, b.Get("/portal/page/own"), "Hidden from: Everybody")
	if a := h.SignIn(north).Get("/portal/people/"+ana[0]+"/page/own").Want(t, http.StatusOK); strings.Contains(a.Text, "Hidden from") || strings.Contains(a.Text, "new-consent") {
		t.Error("others see what was said, or are led to say something")
	}
}

// What is beside a page is what decides about it.
func TestTheMarkOfAPageIsWhatTheMostExactStatementSays(t *testing.T) {
	t.Parallel()
	h, _, _ := hospital(t)
	addPage(h, ana[0], "mental", `{"domain": "mental", "context": "encounter"}`)
	b := h.SignIn(ana)
	for _, c := range []struct{ effect, scope, kind, who, want string }{
		{"deny", "*", "institution", "NORTH", "Hidden from: <bdi>North Hospital</bdi>"},
		{"deny", "domain:mental", "account", "southdoc", "Account <bdi>SOUTHDOC</bdi>"},
		{"deny", "type:encounter", "*", "", "Hidden from: Everybody"},
		{"permit", "page:mental", "*", "", ""},
		{"deny", "page:mental", "institution", "NORTH", "Hidden from: <bdi>North Hospital</bdi>"},
		{"permit", "page:mental", "institution", "NORTH", "Hidden from: <bdi>North Hospital</bdi>"},
	} {
		sayIn(b, "/portal", c.effect, c.scope, c.kind, c.who, "").Want(t, http.StatusSeeOther)
		a := b.Get("/portal/page/mental").Want(t, http.StatusOK)
		if !strings.Contains(a.Text, c.want) || c.want == "" && strings.Contains(a.Text, "Hidden from") {
			t.Errorf("%v: %s", c, a.Text)
		}
	}
}

// Whatever is wrong comes back with what was typed, and nothing is said.
func TestAStatementThatSaysNothingComesBackWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	h, _, _ := hospital(t)
	h.DB.Exec(`INSERT INTO institutions (id, data) VALUES ('TWIN1', '{"name": "Twin"}'), ('TWIN2', '{"name": "Twin"}')`)
	b := h.SignIn(ana)
	for _, c := range []struct{ effect, scope, kind, who, until, want string }{
		{"deny", "*", "institution", "twin", "", "<bdi>Twin (TWIN1); Twin (TWIN2)</bdi>"},
		{"deny", "*", "institution", "rth hosp", "", "Write the name or the id of one of these: <bdi>North Hospital (NORTH)</bdi>"},
		{"deny", "*", "institution", "100%", "", "No institution is called that."},
		{"deny", "*", "institution", "", "", "Say which one."},
		{"deny", "*", "account", strings.Repeat("x", 2000), "", "Say which one."},
		{"deny", "*", "*", "NORTH", "", "Leave this empty for everybody"},
		{"deny", "*", "robot", "NORTH", "", "Choose one of these."},
		{"act", "*", "*", "", "", "Choose one of these."},
		{"deny", "page:none", "*", "", "", "The book has no such page."},
		{"deny", "domain:", "*", "", "", "Choose one of these."},
		{"deny", "all", "*", "", "", "Choose one of these."},
		{"deny", "*", "*", "", "2020-01-01", "This day is over."},
		{"deny", "*", "*", "", "9999-12-31", "This is no day."},
		{"deny", "*", "*", "", "tomorrow", "This is no day."},
	} {
		a := sayIn(b, "/portal", c.effect, c.scope, c.kind, c.who, c.until).Want(t, http.StatusUnprocessableEntity)
		wantText(t, a, c.want, `value="`+c.until+`"`, `value="`+c.who+`"`, "Nothing was saved yet.")
	}
	h.DB.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect) SELECT n::text, $1, '*', 'account:' || n, 'permit' FROM generate_series(1, 200) AS n`, ana[0])
	wantText(t, sayIn(b, "/portal", "deny", "*", "*", "", "").Want(t, http.StatusUnprocessableEntity), "very much is said about this book already")
	if said := h.DB.Text(`SELECT count(*)::text FROM thalamus_consents WHERE effect = 'deny'`); said != "0" {
		t.Errorf("%s were said", said)
	}
}

// A registrar writes down what is said at a desk, and the patient sees who did; nobody else sees or says anything.
func TestOnlySheAndARegistrarSeeAndSayWhoReadsHerBook(t *testing.T) {
	t.Parallel()
	h, north, _ := hospital(t)
	hers := "/portal/people/" + ana[0]
	sayIn(h.SignIn(root), hers, "deny", "*", "institution", "NORTH", "").Want(t, http.StatusSeeOther)
	list := h.SignIn(ana).Get("/portal/consents").Want(t, http.StatusOK)
	wantText(t, list, "by <bdi>"+root[0]+"</bdi>", "The whole book")
	id := consentPath.FindStringSubmatch(list.Text)[1][len("/portal/consents/"):]

	for _, account := range [][]string{other, north, cameron} {
		b := h.SignIn(account)
		for _, path := range []string{hers + "/consents", hers + "/new-consent", hers + "/consents/" + id} {
			b.Get(path).Want(t, http.StatusForbidden)
		}
		sayIn(b, hers, "permit", "*", "*", "", "").Want(t, http.StatusForbidden)
		b.Post(hers+"/consents/"+id).Want(t, http.StatusForbidden)
	}
	h.SignIn(other).Get("/portal/consents/"+id).Want(t, http.StatusNotFound)
	h.SignIn(other).Post("/portal/consents/"+id).Want(t, http.StatusNotFound)
	wantText(t, h.SignIn(root).Get(hers+"/consents").Want(t, http.StatusOK), "Who may read the book of <bdi>Ana Betz</bdi>", "End this")
	h.SignIn(root).Post(hers+"/consents/"+id).Want(t, http.StatusSeeOther)
	h.SignIn(root).Get("/portal/people/NOBODY/consents").Want(t, http.StatusNotFound)
}

// Former statements are shown in parts.
func TestFormerStatementsAreShownInParts(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect, ended) SELECT to_char(n, 'FM000'), $1, '*', 'account:N' || n, 'deny', now() FROM generate_series(1, 26) AS n`, ana[0])
	b := h.SignIn(ana)
	first := b.Get("/portal/consents").Want(t, http.StatusOK)
	next := href(first, "next")
	second := b.Get(next).Want(t, http.StatusOK)
	if strings.Count(first.Text, "<bdi>N") != 25 || strings.Count(second.Text, "<bdi>N") != 1 || !strings.Contains(second.Text, "<bdi>N1</bdi>") {
		t.Errorf("%s\nthen %s", first.Text, second.Text)
	}
	b.Get("/portal/consents?after=!").Want(t, http.StatusUnprocessableEntity)
}
