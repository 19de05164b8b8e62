// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"thalamus/internal/portal"
	"thalamus/internal/testbrowser"
	"thalamus/internal/testdb"
)

// A professional finds Ana though her name is misspelt, writes her blood pressure of this morning, and adds a
// document, by keys alone and without script. The box has the focus, the first key behind it leads to who was found,
// and the browser's way back to the same list.
func TestAProfessionalNeedsNeitherMouseNorScript(t *testing.T) {
	t.Parallel()
	h, _ := ward(t)
	b := openTabAt(t, h, h.Gate, chromedp.Flag("disable-features", "Translate,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,BackForwardCache")) // a page from there is not loaded
	b.withoutScript()
	b.signInAsByKeys(cameron)

	b.wantFocus("q")
	b.enter("Anna Bets", "Find a person")
	b.Check(chromedp.Do(b, chromedp.KeyEvent(kb.Tab)))
	if at := eval[[]string](b, focused); at[0] != "Ana Betz" {
		t.Errorf("behind the search comes %q", at[0])
	}
	b.Check(chromedp.Do(b, chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))))
	b.press("Ana Betz", "Ana Betz")
	b.Check(chromedp.Do(b, chromedp.NavigateBack()))
	b.wantHeading("Find a person")
	if typed := eval[string](b, `document.querySelector("#q").value + location.search`); !strings.HasPrefix(typed, "Anna Bets?") {
		t.Errorf("the list that one comes back to is of %q", typed)
	}

	b.press("Ana Betz", "Ana Betz")
	b.press("New page", "New page for Ana Betz")
	b.fill("Upper value", "712")
	b.fill("Lower value", "8o")
	b.lead("Save", http.StatusUnprocessableEntity, "New page for Ana Betz")
	b.wantText("This is no number.")
	b.fill("Upper value", "\b\b\b118")
	b.fill("Lower value", "\b\b79")
	b.press("Save and add a document", "Documents")
	b.wantText("The page was saved.")
	b.attach("File", "ecg.txt", "a curve")
	b.press("Send the file", "Documents")
	b.press("Back to the page", "Measurements")
	b.wantText("118/79 mmHg")
	b.wantText("ecg.txt")
	b.press("Overview", "Ana Betz")
	b.wantText(time.Now().Format("2 January 2006"))

	b.press("Find a person", "Find a person")
	b.wantFocus("q")
	b.enter("nobody of this name", "Find a person")
	b.wantText("Nobody was found.")
	b.wantFocus("q")
	b.press("Where I am signed in", "Where I am signed in")
	b.press("Password", "Change my password")
}

// wantFocus waits, for a browser sets the focus of a new page a little later than it shows that.
func (b tab) wantFocus(id string) {
	b.T.Helper()
	testdb.Await(b.T, "the focus in "+id, func() bool { return eval[string](b, `document.activeElement.id`) == id })
}

// enter types into what has the focus, and leads by Enter to the page with this heading.
func (b tab) enter(text, heading string) {
	b.T.Helper()
	b.Check(chromedp.Do(b, chromedp.KeyEvent(text)))
	_, err := chromedp.RunResponse(b, chromedp.KeyEvent(kb.Enter))
	b.Check(err)
	b.wantHeading(heading)
}

// A phone shows whom a search has found without scrolling; a large screen shows the whole page from its beginning.
func TestWhoWasFoundStandsInTheWindow(t *testing.T) {
	t.Parallel()
	h, _ := ward(t)
	b := openTab(t, h)
	b.signIn(cameron)
	for width, scrolls := range map[int64]bool{360: true, 1280: false} {
		b.Check(chromedp.Do(b, chromedp.EmulateViewport(width, 740)))
		b.visit("/portal/people")
		b.enter("gracia santana", "Find a person")
		if bottom := eval[float64](b, `document.querySelector("main tbody tr").getBoundingClientRect().bottom`); bottom > 740 {
			t.Errorf("%d pixels wide: the first one ends %.0f pixels down", width, bottom)
		}
		if down := eval[float64](b, `scrollY`); down > 0 != scrolls {
			t.Errorf("%d pixels wide: the page is %.0f pixels down", width, down)
		}
	}
}

// A list of persons, and a person's head with all its parts, are for everybody.
func TestNoListOfPersonsHasABarrier(t *testing.T) {
	t.Parallel()
	script := axe(t)
	for _, language := range []string{"en", portal.PseudoTag} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			h, _ := ward(t)
			related(t, h)
			b := openTab(t, h)
			b.signIn(cameron)
			b.speak(language)
			for _, path := range []string{"/portal/people?q=santana", "/portal/people?dob=1991", "/portal/people?q=santana&dob=x&gender=f&blood=0", graciasHead} {
				b.visit(path)
				b.wantNoBarrier(script, path)
			}
		})
	}
}

// Whatever a person is called is a text, where it is searched for, found, or stands beside another name.
func TestTheNamesOfPersonsAreOnlyTexts(t *testing.T) {
	t.Parallel()
	h, _ := ward(t)
	c, b := testbrowser.NewCanary(t), openTab(t, h)
	related(t, h)
	b.signIn(cameron)
	b.askNobodyElse()
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	for name, text := range attacks(c) {
		b.send("/portal/people", "[name=q], [name=dob], [name=deceased], [name=profession]", text[:min(len(text), 4_000)])
		b.wantOnlyText(name + " sent as a search")
		h.DB.Exec(`UPDATE people SET data = data || jsonb_build_object('gender', $1::text, 'dod', $1::text, 'profession', $1::text, 'lastname', left(data ->> 'lastname', 14) || ' ' || $1)
			WHERE id IN ('ESPGRA118SAN', 'GRACIASAME', 'GRASIA452SAN')`, text)
		for _, path := range []string{"/portal/people?q=santana", graciasHead, graciasHead + "/book"} {
			b.visit(path)
			b.wantOnlyText(name + ", " + path)
		}
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}
