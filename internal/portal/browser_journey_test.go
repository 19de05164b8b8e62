// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"thalamus/internal/testhub"
)

// A patient gets everywhere by the Tab and Enter keys alone, with script switched off.
func TestAPatientNeedsNeitherMouseNorScript(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`UPDATE pols SET data = data || '{"summary": "A sunny birth"}' WHERE id = $1`, testhub.BirthPage)
	b := openTab(t, h)
	b.withoutScript()
	b.signInByKeys()

	b.press("My book", "My book of life")
	b.goTo("Search in this book")
	b.Check(chromedp.Do(b, chromedp.KeyEvent(kb.Enter)))
	b.fill("Words", "sunny")
	b.press("Search", "My book of life")
	b.press("A sunny birth", "A sunny birth")
	b.press("Home", "Home")

	elsewhere := h.SignIn(ana)
	b.press("Where I am signed in", "Where I am signed in")
	b.press("End this session", "Where I am signed in")
	elsewhere.Get("/portal/").Want(t, http.StatusSeeOther)

	b.press("Password", "Change my password")
	b.fill("Password of now", ana[1])
	b.fill("New password", "typed by keys alone")
	b.fill("The new one again", "typed by keys alone")
	b.press("Change my password", "Home")

	b.press("Español", "Inicio")
	b.press("English", "Home")
	b.press("Sign out", "Sign in")
	h.SignIn([]string{ana[0], "typed by keys alone"})
}

// focused names what has the focus, as its label or its text says, and tells whether one sees that it has.
const focused = `(() => {
	const e = document.activeElement, style = getComputedStyle(e);
	return [(e.labels?.[0] ?? e).textContent.trim(), e === document.body || style.outlineStyle !== "none" && style.outlineWidth !== "0px" ? "seen" : "unseen"];
})()`

// mostTabs is how many keys lead through a page at most.
const mostTabs = 100

// goTo presses Tab until what has this name has the focus.
func (b tab) goTo(name string) {
	b.T.Helper()
	for range mostTabs {
		b.Check(chromedp.Do(b, chromedp.KeyEvent(kb.Tab)))
		at := eval[[]string](b, focused)
		if at[1] != "seen" {
			b.T.Errorf("one does not see that %q has the focus", at[0])
		}
		if strings.HasPrefix(at[0], name) {
			return
		}
	}
	b.T.Fatalf("%s: no key leads to %q", eval[string](b, `location.pathname`), name)
}

// fill types into a field.
func (b tab) fill(name, text string) {
	b.T.Helper()
	b.goTo(name)
	b.Check(chromedp.Do(b, chromedp.KeyEvent(text)))
}

// press goes to a link or a button, and leads by Enter to the page with this heading.
func (b tab) press(name, heading string) {
	b.T.Helper()
	b.lead(name, http.StatusOK, heading)
}

// lead is press for any status.
func (b tab) lead(name string, status int64, heading string) {
	b.T.Helper()
	b.goTo(name)
	reply, err := chromedp.RunResponse(b, chromedp.KeyEvent(kb.Enter))
	b.Check(err)
	if reply.Status != status {
		b.T.Errorf("%q leads to %s, %d, want %d", name, reply.URL, reply.Status, status)
	}
	b.wantHeading(heading)
}

func (b tab) wantHeading(want string) {
	b.T.Helper()
	if got := eval[string](b, `document.querySelector("h1").textContent`); got != want {
		b.T.Fatalf("the page is %q, want %q", got, want)
	}
}
