// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"thalamus/internal/portal"
	"thalamus/internal/testhub"
)

// axe is the program that looks for barriers, which make pages fetches.
func axe(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("../../bin/axe-core-*.js")
	if err != nil || len(found) != 1 {
		t.Fatalf("run make pages: there is %v of axe-core", found)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// barriers are what axe finds in the page that is shown, each with where it is.
const barriers = `(async () => {
	const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
	return found.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ") + " " + n.failureSummary).join("; "))
})()`

// Everybody can use every page: axe finds nothing, nothing is wider than the window, and the
// browser refuses nothing of a page.
func TestNoPageHasABarrier(t *testing.T) {
	t.Parallel()
	script := axe(t)
	h := livelyHub(t)
	for _, who := range []struct {
		name    string
		account []string
	}{{"nobody", nil}, {"patient", ana}, {"professional", testhub.Cameron}, {"root", root}} {
		for _, language := range []string{"en", portal.PseudoTag} {
			t.Run(who.name+" "+language, func(t *testing.T) {
				t.Parallel()
				b := openTab(t, h)
				if who.account != nil {
					b.signIn(who.account)
				}
				b.speak(language)
				for _, path := range shownPaths(b) {
					b.visit(path)
					b.wantNoBarrier(script, language+" "+path)
				}
			})
		}
	}
}

// livelyHub is a hub where others have read about Ana, and have changed a page since her first visit.
func livelyHub(t *testing.T) *testhub.Hub {
	t.Helper()
	h, copyLines := testhub.Indexed(t)
	fillStatistics(t, h)
	publish(h)
	by := h.SignIn(ana)
	h.Do(testhub.Cameron, "PATCH", "/pols/"+ana[0]+"/"+testhub.BirthPage, `{"info": "Both are well."}`).Want(t, http.StatusOK)
	publish(h)
	h.DB.Exec(`INSERT INTO thalamus_duplicates (person, other, doubt, found, decided, account, time) VALUES
		($1, $2, 0.1, now(), NULL, NULL, NULL), ($3::varchar, $1, 0.1, now(), 'apart', $3, now())`, ana[0], other[0], root[0])
	sayIn(by, "/portal", "deny", "page:"+testhub.BirthPage, "account", "SOMEBODY", "2099-01-01").Want(t, http.StatusSeeOther)
	h.DB.Exec(`INSERT INTO thalamus_consents (id, person, scope, who, effect, ended) VALUES ('0', $1, '*', '*', 'permit', now())`, ana[0])
	h.Do(testhub.Cameron, "POST", "/people/"+ana[0]+"/emergency", accident).Want(t, http.StatusCreated)
	sayIn(h.SignIn(root), "/portal/people/"+other[0], "act", "*", "account", ana[0], "2099-01-01").Want(t, http.StatusSeeOther)
	copyLines()
	wantText(t, h.SignIn(ana).Get("/portal/"), "<strong>Changed</strong>")
	wantText(t, by.Get("/portal/access"), `<bdi>`+testhub.Cameron[0]+`</bdi>`)
	return h
}

// speak makes the browser ask for pages in a language.
func (b tab) speak(language string) {
	b.T.Helper()
	_, err := chromedp.Call(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
	b.Check(err)
}

// wantNoBarrier looks at the page that is shown in windows of several widths, light and dark.
func (b tab) wantNoBarrier(axe, name string) {
	b.T.Helper()
	eval[any](b, axe+";0")
	for _, width := range []int64{320, 768, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			name := fmt.Sprintf("%s, %d pixels, %s", name, width, scheme)
			b.Check(chromedp.Do(b, chromedp.EmulateViewport(width, 800)))
			_, err := chromedp.Call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			b.Check(err)
			if got := eval[int64](b, shownWidth); got > width {
				b.T.Errorf("%s: the page is %d pixels wide", name, got)
			}
			if found := eval[[]string](b, barriers); len(found) > 0 {
				b.T.Errorf("%s: %s", name, strings.Join(found, "\n"))
			}
		}
	}
}
