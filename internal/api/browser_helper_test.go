// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// tab is a page of a real browser, which somebody has logged in with.
type tab struct {
	context.Context
	t testing.TB
}

func findBrowser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("tests need a browser: install chromium")
	return ""
}

// openTab starts a browser of its own. Names under .example lead to this machine.
func openTab(t testing.TB) tab {
	t.Helper()
	// The test's own context would end before the browser is told to leave.
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	ctx, cancelBrowser := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(findBrowser(t)), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("host-resolver-rules", "MAP *.example 127.0.0.1"),
		chromedp.Flag("disable-features", "Translate,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable"),
	)...)
	ctx, _ = chromedp.NewContext(ctx)
	b := tab{ctx, t}
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("the browser does not leave: %v", err)
		}
		cancelBrowser()
		cancel()
	})
	b.refuseDialogs()
	_, err := chromedp.CallBrowser(ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: t.TempDir(), EventsEnabled: new(true),
	})
	b.check(err)
	return b
}

func (b tab) check(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// refuseDialogs fails the test when a page opens one; only a script can.
func (b tab) refuseDialogs() {
	b.t.Helper()
	b.check(chromedp.Listen(b, func(event any) {
		if dialog, ok := event.(*page.EventJavascriptDialogOpening); ok {
			b.t.Errorf("%s opened a dialog: %s", dialog.URL, dialog.Message)
			go func() {
				_, _ = chromedp.Call(b, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
			}()
		}
	}))
}

// login makes the browser remember credentials for a server.
func (b tab) login(server string, account []string) {
	b.t.Helper()
	address := strings.Replace(server, "http://", "http://"+url.UserPassword(account[0], account[1]).String()+"@", 1)
	b.open(address+"/login", http.StatusOK)
}

// open goes to a page as if its address had been typed.
func (b tab) open(address string, status int) {
	b.t.Helper()
	reply, err := chromedp.Run(b, chromedp.NavigateResponse(address))
	b.check(err)
	if got := int(reply.Status); got != status {
		b.t.Errorf("%s: status %d, want %d", address, got, status)
	}
}

// download goes to an address that the browser saves, and gives the file's name.
func (b tab) download(address string) string {
	b.t.Helper()
	begun := chromedp.BrowserEvents(b, cdpbrowser.DownloadWillBegin)
	if err := chromedp.Do(b, chromedp.Navigate(address)); err == nil {
		b.t.Errorf("the browser shows %s and does not save it", address)
		return ""
	}
	for event, err := range begun {
		b.check(err)
		return event.SuggestedFilename
	}
	return ""
}

// eval runs a script in the page that is shown.
func eval[T any](b tab, script string) T {
	b.t.Helper()
	value, err := chromedp.Run(b, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	b.check(err)
	return value
}

// canary is a server that nobody must ask, except a script that runs.
type canary struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	heard chan struct{} // gets a value for the first question
}

func newCanary(t testing.TB) *canary {
	t.Helper()
	c := &canary{heard: make(chan struct{}, 1)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.asked = append(c.asked, r.URL.String())
		select {
		case c.heard <- struct{}{}:
		default:
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// script sets a title and asks the canary; it has no quotes, slashes or spaces.
func (c *canary) script() string {
	var codes []string
	for _, r := range "document.title='ran';window.ran=1;new Image().src='" + c.URL + "/ran?'+encodeURIComponent(location.href);alert('ran')" {
		codes = append(codes, strconv.Itoa(int(r)))
	}
	return "eval(String.fromCharCode(" + strings.Join(codes, ",") + "))"
}
