// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"thalamus/internal/testbrowser"
	"thalamus/internal/testhub"
)

// tab is a page of a real browser, at a hub that is served over TLS.
type tab struct {
	testbrowser.Tab
	hub *testhub.Hub
	url string
}

// openTab starts a browser of its own. The cookie of the portal needs TLS.
func openTab(t testing.TB, h *testhub.Hub) tab {
	t.Helper()
	b := openTabAt(t, h, h.Gate)
	b.refuseNothing()
	return b
}

// openTabAt is openTab with what stands before the hub.
func openTabAt(t testing.TB, h *testhub.Hub, front http.Handler, flags ...chromedp.ExecAllocatorOption) tab {
	t.Helper()
	server := httptest.NewTLSServer(front)
	t.Cleanup(server.Close)
	return tab{testbrowser.Open(t, append(flags, chromedp.IgnoreCertErrors)...), h, server.URL}
}

// refuseNothing fails the test when the browser refuses a part of a page, or the page fails.
func (b tab) refuseNothing() {
	b.T.Helper()
	b.Check(chromedp.Listen(b, func(event any) {
		added, ok := event.(*log.EventEntryAdded)
		if ok && added.Entry.Level == log.EntryLevelError && added.Entry.Source != log.EntrySourceNetwork {
			b.T.Errorf("the browser complains: %s %s", added.Entry.Text, added.Entry.URL)
		}
	}))
}

// signIn fills the form in.
func (b tab) signIn(account []string) {
	b.T.Helper()
	b.Goto(b.url+"/portal/sign-in", http.StatusOK)
	b.Check(chromedp.Do(b, chromedp.SendKeys(chromedp.CSS("[name=account]"), account[0]), chromedp.SendKeys(chromedp.CSS("[name=password]"), account[1])))
	reply, err := chromedp.RunResponse(b, chromedp.Click(chromedp.CSS("main button")))
	b.Check(err)
	if reply.Status != http.StatusOK || reply.URL != b.url+"/portal/" {
		b.T.Fatalf("signing in leads to %s, %d", reply.URL, reply.Status)
	}
}

// eval runs a script in the page that is shown.
func eval[T any](b tab, script string) T {
	b.T.Helper()
	return testbrowser.Eval[T](b.Tab, script)
}

// visit goes to a page, whatever its status.
func (b tab) visit(path string) {
	b.T.Helper()
	_, err := chromedp.Run(b, chromedp.NavigateResponse(b.url+path))
	b.Check(err)
}

// shownPaths are those of all pages that a browser shows, of records that there are.
func shownPaths(b tab) (paths []string) {
	b.T.Helper()
	for _, path := range pagePaths(b.hub) {
		saved := strings.HasSuffix(path, ".csv") || strings.HasSuffix(path, "/download") || strings.Contains(path, "/document/")
		if !saved {
			paths = append(paths, path)
		}
	}
	return paths
}

// shownWidth is how wide the page is, with what is cut off of its main part.
const shownWidth = `document.documentElement.scrollWidth + document.querySelector("main").scrollWidth - document.querySelector("main").clientWidth`
