// SPDX-License-Identifier: GPL-3.0-or-later

// Package testbrowser drives a real browser, Chromium or Chrome, in tests.
package testbrowser

import (
	"context"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"thalamus/internal/task"
)

// Tab is a page of a real browser.
type Tab struct {
	context.Context
	T testing.TB
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

// Open starts a browser of its own, with flags besides. Names under .example lead to this machine.
func Open(t testing.TB, flags ...chromedp.ExecAllocatorOption) Tab {
	t.Helper()
	// The test's own context would end before the browser is told to leave.
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	ctx, cancelBrowser := chromedp.NewExecAllocator(ctx, append(append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(findBrowser(t)), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("host-resolver-rules", "MAP *.example 127.0.0.1"),
		chromedp.Flag("disable-features", "Translate,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable"),
	), flags...)...)
	ctx, _ = chromedp.NewContext(ctx)
	b := Tab{ctx, t}
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
	b.Check(err)
	return b
}

// Check ends the test when the browser fails.
func (b Tab) Check(err error) {
	b.T.Helper()
	if err != nil {
		b.T.Fatal(err)
	}
}

// refuseDialogs fails the test when a page opens one; only a script can.
func (b Tab) refuseDialogs() {
	b.T.Helper()
	b.Check(chromedp.Listen(b, func(event any) {
		if dialog, ok := event.(*page.EventJavascriptDialogOpening); ok {
			b.T.Errorf("%s opened a dialog: %s", dialog.URL, dialog.Message)
			task.Start(b, func(context.Context) { // it ends with the tab; the listener must not wait for it
				_, _ = chromedp.Call(b, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
			})
		}
	}))
}

// Login makes the browser remember credentials for a server.
func (b Tab) Login(server string, account []string) {
	b.T.Helper()
	address := strings.Replace(server, "http://", "http://"+url.UserPassword(account[0], account[1]).String()+"@", 1)
	b.Goto(address+"/login", http.StatusOK)
}

// Goto goes to a page as if its address had been typed.
func (b Tab) Goto(address string, status int) {
	b.T.Helper()
	reply, err := chromedp.Run(b, chromedp.NavigateResponse(address))
	b.Check(err)
	if got := int(reply.Status); got != status {
		b.T.Errorf("%s: status %d, want %d", address, got, status)
	}
}

// Download goes to an address that the browser saves, and gives the file's name.
func (b Tab) Download(address string) string {
	b.T.Helper()
	begun := chromedp.BrowserEvents(b, cdpbrowser.DownloadWillBegin)
	if err := chromedp.Do(b, chromedp.Navigate(address)); err == nil {
		b.T.Errorf("the browser shows %s and does not save it", address)
		return ""
	}
	for event, err := range begun {
		b.Check(err)
		return event.SuggestedFilename
	}
	return ""
}

// Eval runs a script in the page that is shown.
func Eval[T any](b Tab, script string) T {
	b.T.Helper()
	value, err := chromedp.Run(b, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	b.Check(err)
	return value
}
