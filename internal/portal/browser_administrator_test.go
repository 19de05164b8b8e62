// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"thalamus/internal/portal"
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

// Somebody new gets an account, another role, and loses both; the other screens are a key away.
func TestAccountsNeedNeitherMouseNorScript(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := openByKeys(t, h, root)
	b.press("Accounts", "Accounts")
	b.press("New account", "New account")
	b.fill("Federation account", "ESP/NEW")
	b.lead("Create this account", http.StatusUnprocessableEntity, "New account")
	b.wantText("This cannot be an id")
	b.fill("Federation account", strings.Repeat("\b", 7)+"ESPNEW001")
	b.fill("First name", "Nela")
	b.fill("Date of birth", "10041985")
	b.goTo("Health professional")
	b.Check(chromedp.Do(b, chromedp.KeyEvent(" ")))
	b.press("Create this account", "Account ESPNEW001")
	b.wantText("It has no password yet.")

	b.goTo("Patient")
	b.Check(chromedp.Do(b, chromedp.KeyEvent(" ")))
	b.press("Save these roles", "Account ESPNEW001")
	b.wantText("They count from now on.")
	b.press("Disable this account", "Account ESPNEW001")
	b.wantText("The account was disabled.")
	b.press("Open this account again", "Account ESPNEW001")
	if got := h.DB.Text(`SELECT concat_ws(' ', data ->> 'name', data ->> 'dob', data ->> 'roles', data ->> 'active') FROM people WHERE id = 'ESPNEW001'`); got != `Nela 1985-10-04 ["health_professional"] true` {
		t.Errorf("the account is %s", got)
	}

	for link, heading := range map[string]string{"Refusals": "Refused again and again", "Followers": "Followers of the feed", "Statistics": "Persons and pages in numbers"} {
		b.press("Accounts", "Accounts")
		b.press(link, heading)
	}
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
	for _, language := range []string{"en", portal.PseudoTag} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			h := busyOffice(t)
			b := openTab(t, h)
			b.signIn(root)
			b.speak(language)
			for _, path := range []string{
				"/portal/admin/accounts", "/portal/admin/accounts?q=nurse", "/portal/admin/accounts/NURSE", "/portal/admin/new-account",
				queuePath, queuePath + "/A1/B1", queuePath + "/A2/B2", "/portal/admin/decided-duplicates",
				followersPath, "/portal/admin/refusals", "/portal/admin/access?person=" + ana[0], "/portal/admin/access?person=a&account=b", "/portal/statistics",
			} {
				b.visit(path)
				b.wantNoBarrier(script, path)
				if rows := eval[int](b, `document.querySelectorAll("main tbody tr, main dl div, main .wrong, main .check").length`); rows == 0 {
					t.Errorf("%s shows nothing", path)
				}
			}
			b.wantNoBarrierOfALink(script)
		})
	}
}

// wantNoBarrierOfALink starts a link and follows it.
func (b tab) wantNoBarrierOfALink(script string) {
	b.T.Helper()
	b.visit("/portal/admin/accounts/NURSE")
	_, err := chromedp.RunResponse(b, chromedp.Click(chromedp.CSS("form[action$='/link'] button")))
	b.Check(err)
	b.wantNoBarrier(script, "the page with the link")
	b.Goto(eval[string](b, `document.querySelector("main bdi[dir=ltr]").textContent`), http.StatusOK)
	b.wantNoBarrier(script, "the form of the link")
	b.submit("input[type=password]", "short")
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
