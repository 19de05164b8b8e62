// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// The first time, the home page has the newest pages of the book, the last reading of each kind, and from
// where the book came.
func TestTheHomePageHasTheNewestPages(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addPage(h, ana[0], "a", `{"summary": "older", "page_date": "2024-05-01T08:00:00", "measurements": [{"bp": {"systolic": 118, "diastolic": 79}}, {"hr": 61}], "node": "PHONE"}`)
	addPage(h, ana[0], "b", `{"summary": "newer", "page_date": "2024-05-02T08:00:00", "measurements": "{'bp': {'systolic': 131, 'diastolic': 82}}", "node": "HOSPITAL"}`)
	addPage(h, ana[0], "c", `{"summary": "undated", "measurements": [{"hr": 99}]}`)
	for n := range 5 {
		addPage(h, ana[0], string(rune('d'+n)), `{"summary": "page `+string(rune('d'+n))+`", "page_date": "2025-01-01"}`)
	}
	a := h.SignIn(ana).Get("/portal/").Want(t, http.StatusOK)
	if got := strings.Join(titles(a), ", "); got != "page h, page g, page f, page e, page d" {
		t.Errorf("the pages are %s", got)
	}
	wantText(t, a, "131/82 mmHg", "2 May 2024", "61 /min", "1 May 2024", "<li><bdi>HOSPITAL</bdi>: ", "<li><bdi>PHONE</bdi>: ", `href="/portal/book"`)
	for _, absent := range []string{"118/79", "99 /min", "secret"} {
		if strings.Contains(a.Text, absent) {
			t.Errorf("the page has %s", absent)
		}
	}
	wantText(t, h.SignIn(h.Enrol("NEWACCOUNT", "end_user")).Get("/portal/"), "There is no page in this book yet.", "Nobody has sent anything yet")
}

// The others who have read are told with role and number, and the refused are not among them.
func TestTheHomePageTellsWhoHasRead(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	b := h.SignIn(ana)
	wantText(t, b.Get("/portal/").Want(t, 200), "Nobody but you.")
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, 200)
	h.Do(cameron, "GET", "/pols/"+ana[0], "").Want(t, 200)
	h.Do(cameron, "GET", "/pols/"+other[0], "").Want(t, 200)
	h.Do(other, "GET", "/pols/"+ana[0], "").Want(t, 403)
	copyLines()
	a := b.Get("/portal/").Want(t, 200)
	wantText(t, a, "<bdi>Cameron Cordara</bdi>, <bdi>ITAPYT999HON</bdi>", `data-label="In which role">Health professional<`, `data-label="How often">2<`, `<a href="/portal/access">`)
	if strings.Contains(a.Text, other[0]) {
		t.Errorf("one who was refused is told: %s", a.Text)
	}

	h.DB.Exec(`UPDATE people SET data = jsonb_set(data, '{roles}', '["root"]') WHERE id = $1`, cameron[0])
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, 200)
	copyLines()
	wantText(t, b.Get("/portal/").Want(t, 200), `data-label="In which role">Administrator<`, `data-label="How often">1<`, `data-label="How often">2<`)

	wantText(t, quickHub(t).SignIn(ana).Get("/portal/"), "does not keep a list")
}

// A role that grants less shows less, and what is shown is in the access record.
func TestTheHomePageShowsWhatTheRolesGrant(t *testing.T) {
	t.Parallel()
	h, lines := testhub.Recorded(t)
	b := h.SignIn(ana)
	lines.Take()
	a := b.Get("/portal/").Want(t, 200)
	if got, want := lines.One(t, a), "ESPGNU777ORG end_user GET book ESPGNU777ORG   200"; got != want {
		t.Errorf("the record says %q, want %q", got, want)
	}

	lines.FailWith(errors.New("the disk is full"))
	if a := b.Get("/portal/").Want(t, http.StatusServiceUnavailable); len(titles(a)) > 0 {
		t.Error("the page is shown without a line in the record")
	}
	lines.FailWith(nil)

	h.SetPolicy(policy(t, `[{"role": "end_user", "global": false, "permissions": {"GET": ["login"]}}]`))
	lines.Take()
	a = b.Get("/portal/").Want(t, 200)
	if len(titles(a)) > 0 || strings.Contains(a.Text, "<h2>Who read") || len(lines.Take()) > 0 {
		t.Errorf("without a grant it shows %s", a.Text)
	}
}

// The home page says what is new since the last visit, that of others first, and says so when
// nothing is; the first visit, and one without news, has the newest pages.
func TestTheHomePageHasWhatIsNewSinceTheLastVisit(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addPage(h, ana[0], "a", `{"summary": "page a", "page_date": "2024-05-01"}`)
	publish(h)
	first := h.SignIn(ana).Get("/portal/").Want(t, http.StatusOK)
	if got := strings.Join(titles(first), ", "); !strings.HasPrefix(got, "page a, ") || strings.Contains(first.Text, "last visit") {
		t.Errorf("the first visit has %s", first.Text)
	}
	b := h.SignIn(ana)
	again := b.Get("/portal/")
	wantText(t, again, "New since your last visit", "Nothing was added or changed since then.", "<h2>Newest pages</h2>")
	if titles(again)[0] != "page a" {
		t.Errorf("without news there is %q", titles(again))
	}

	h.Do(ana, "POST", "/pols/"+ana[0]+"/b", `{"id": "b", "book": "`+ana[0]+`", "summary": "page b"}`).Want(t, http.StatusCreated)
	h.Do(cameron, "PATCH", "/pols/"+ana[0]+"/a", `{"info": "healed"}`).Want(t, http.StatusOK)
	addPage(h, other[0], "c", `{"summary": "page c"}`)
	publish(h)
	a := b.Get("/portal/")
	if got := strings.Join(titles(a), ", "); got != "page a, page b" {
		t.Errorf("the news are %s", got)
	}
	wantText(t, a, "<strong>Changed</strong>", "<bdi>"+cameron[0]+"</bdi>", "<strong>New page</strong>")
	for _, absent := range []string{"Nothing was added", "Newest pages", "There is more", "<bdi>" + ana[0] + "</bdi></p>\n<p class"} {
		if strings.Contains(a.Text, absent) {
			t.Errorf("the page has %s: %s", absent, a.Text)
		}
	}

	for n := range 10 {
		addPage(h, ana[0], string(rune('d'+n)), `{"summary": "more"}`)
	}
	publish(h)
	many := b.Get("/portal/")
	wantText(t, many, "There is more that is new")
	if got := strings.Join(titles(many), ", "); got != strings.Repeat("more, ", 9)+"more" {
		t.Errorf("of many there are %s", got)
	}
}

// publish brings all changes into the feed, as the hub does soon.
func publish(h *testhub.Hub) {
	h.T.Helper()
	h.DB.Exec(`SELECT thalamus_publish()`)
}
