// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"thalamus/internal/testbrowser"
	"thalamus/internal/testhub"
)

// openByKeys opens a browser without script, signed in by keys.
func openByKeys(t *testing.T, h *testhub.Hub, account []string) tab {
	t.Helper()
	b := openTab(t, h)
	b.withoutScript()
	b.signInAsByKeys(account)
	return b
}

// A nurse forgot her password: an administrator finds her though her name is misspelt and starts a link, and
// she chooses a password with it. Whatever follows the link before her uses nothing up.
func TestANurseWhoForgotHerPasswordNeedsNeitherMouseNorScript(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Enrol("NURSE", "health_professional")
	h.DB.Exec(`UPDATE people SET data = data || '{"name": "Wilhelmina", "lastname": "Quakenbush"}' WHERE id = 'NURSE'`)
	learnNames(h)
	b := openByKeys(t, h, root)
	b.press("Accounts", "Accounts")
	b.fill("Name or id", "wilhelmna quackenbush")
	b.press("Find", "Accounts")
	b.press("NURSE", "Account NURSE")
	b.press("Start a one-time link", "One-time link for NURSE")
	link := eval[string](b, `document.querySelector("main bdi[dir=ltr]").textContent`)
	b.press("Back to the account", "Account NURSE")
	b.wantText("has started a link, and it was not used yet")
	b.press("Sign out", "Sign in")

	for range 3 {
		b.Goto(link, http.StatusOK)
	}
	b.wantHeading("Choose a new password")
	b.fill("New password", "typed by keys alone")
	b.fill("The new one again", "typed by keys alike")
	b.lead("Save this password", http.StatusUnprocessableEntity, "Choose a new password")
	b.fill("New password", "typed by keys alone")
	b.fill("The new one again", "typed by keys alone")
	b.press("Save this password", "Sign in")
	b.signInAsByKeys([]string{"NURSE", "typed by keys alone"})
	b.Goto(link, http.StatusNotFound)
	b.wantText("This link is not good, or not any more.")
}

// These two are one person: the queue is worked off by keys alone, a decision leads to the next pair and can be
// taken back.
func TestTheQueueOfDuplicatesNeedsNeitherMouseNorScript(t *testing.T) {
	t.Parallel()
	h, _ := suspectTwins(t)
	b := openByKeys(t, h, root)
	b.press("Duplicates", "Persons who may be there twice")
	b.press("Compare A1 and B1", "One person or two?")
	b.wantText("Quakenbush")
	b.press("Decide later", "One person or two?")
	b.wantText("A2")
	b.press("The same person", "One person or two?")
	b.wantText("A3")
	b.press("Two persons", "One person or two?")
	b.wantText("A1")
	b.press("Pairs that were decided", "Pairs that were decided")
	b.press("Take the decision back", "One person or two?") // the last one
	b.wantText("A3")
	b.press("The same person", "One person or two?")
	b.press("Persons who may be there twice", "Persons who may be there twice")
	b.press("Compare A1 and B1", "One person or two?")
	if got := h.DB.Text(`SELECT string_agg(person || CASE WHEN same THEN '=' ELSE '!' END || other, ' ' ORDER BY person) FROM thalamus_links`); got != "A2=B2 A3=B3" {
		t.Errorf("the links are %s", got)
	}
}

// Who read this book in May?
func TestWhoReadThisBookInMayIsFoundByKeysAlone(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	copyLines()
	readInMay(h)
	b := openByKeys(t, h, root)
	b.press("Accounts", "Accounts") // the home page has another link of this name
	b.press("Who read what", "Who read what")
	b.fill("Whose records", ana[0])
	b.fill("From", "05012026")
	b.fill("To", "05312026")
	b.press("Look for it", "Who read what")
	if got := eval[string](b, `[...document.querySelectorAll("main tbody tr")].map(r => r.querySelectorAll("bdi")[0].textContent).join(" ")`); got != "MAYDOC" {
		t.Errorf("those who read it in May are %q: %s", got, eval[string](b, `document.querySelector("main").innerText`))
	}
}

// readInMay has the access record tell who read Ana's book in April, May and June.
func readInMay(h *testhub.Hub) {
	h.T.Helper()
	h.DB.Exec(`SELECT thalamus_access_copy('\x01', 0, 1, false, (SELECT jsonb_agg(jsonb_build_object('time', at, 'account', reader, 'roles', '["health_professional"]'::jsonb,
		'method', 'GET', 'endpoint', 'book', 'person', $1::text, 'everybody', false, 'status', 200, 'request', 'r1', 'address', '192.0.2.1'))
		FROM (VALUES ('2026-04-30T23:59:59Z', 'APRILDOC'), ('2026-05-12T10:00:00Z', 'MAYDOC'), ('2026-06-01T00:00:00Z', 'JUNEDOC')) AS reads (at, reader)))`, ana[0])
}

// Every screen of administrators is for everybody, with rows in its tables: a pair, a link, refusals, followers,
// statistics, who read what.
func TestNoScreenOfAdministratorsHasABarrier(t *testing.T) {
	t.Parallel()
	script := axe(t)
	h := busyOffice(t)
	b := openTab(t, h)
	b.signIn(root)
	for _, path := range []string{
		"/portal/admin/accounts", "/portal/admin/accounts?q=nurse", "/portal/admin/accounts/NURSE", queuePath, queuePath + "/A1/B1", "/portal/admin/decided-duplicates",
		followersPath, "/portal/admin/refusals", "/portal/admin/access?person=" + ana[0], "/portal/admin/access?person=a&account=b", "/portal/statistics",
	} {
		b.visit(path)
		b.wantNoBarrier(script, path)
		if rows := eval[int](b, `document.querySelectorAll("main tbody tr, main dl div, main .wrong").length`); rows == 0 {
			t.Errorf("%s shows nothing", path)
		}
	}

	b.visit("/portal/admin/accounts/NURSE")
	_, err := chromedp.RunResponse(b, chromedp.Click(chromedp.CSS("form[action$='/link'] button")))
	b.Check(err)
	b.wantNoBarrier(script, "the page with the link")
	b.Goto(eval[string](b, `document.querySelector("main bdi[dir=ltr]").textContent`), http.StatusOK)
	b.wantNoBarrier(script, "the form of the link")
	b.send(strings.TrimPrefix(eval[string](b, `location.href`), b.url), "input[type=password]", "short")
	b.wantNoBarrier(script, "the form of the link, refused")
	b.visit("/portal/reset/none")
	b.wantNoBarrier(script, "no link")
}

// busyOffice is a hub with something to do for its administrators.
func busyOffice(t *testing.T) *testhub.Hub {
	t.Helper()
	h, copyLines := testhub.Indexed(t)
	fillStatistics(t, h)
	node := h.Enrol("NODE", "health_professional")
	h.Enrol("NURSE", "health_professional")
	for range 4 {
		h.Do(node, "POST", "/pols/"+ana[0]+"/page1", `{"id": "page2"}`).Want(t, http.StatusUnprocessableEntity)
	}
	suspect(h)
	h.SignIn(root).Post(queuePath+"/A2/B2", "decision", "same").Want(t, http.StatusSeeOther)
	follow(h)
	copyLines()
	readInMay(h)
	return h
}

// Whatever a record, a node or a reader is called is a text on the screens of administrators.
func TestTheScreensOfAdministratorsShowOnlyTexts(t *testing.T) {
	t.Parallel()
	h := busyOffice(t)
	c, b := testbrowser.NewCanary(t), openTab(t, h)
	b.signIn(root)
	b.askNobodyElse()
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	for name, text := range attacks(c) {
		h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('name', $1::text, 'lastname', $1::text, 'roles', jsonb_build_array('root', left($1, 4000)), left($1, 200), $1::text) WHERE id IN ('A1', 'B1', 'NURSE')`, text)
		for _, path := range []string{"/portal/admin/accounts", "/portal/admin/accounts/NURSE", queuePath, queuePath + "/A1/B1"} {
			b.visit(path)
			b.wantOnlyText(name + ", " + path)
		}
		b.send("/portal/admin/access", "input", text[:min(len(text), 4_000)])
		b.wantOnlyText(name + " sent as a search of the access record")
		b.send("/portal/admin/accounts", "input", text[:min(len(text), 4_000)])
		b.wantOnlyText(name + " sent as a search of accounts")
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}
