// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"archive/zip"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"thalamus/internal/testhub"
)

// A patient writes a page, corrects it, adds a document, sees her measurements and who read about
// her, and takes everything with her, by the Tab and Enter keys alone and without script.
func TestAPatientWritesByKeysAlone(t *testing.T) {
	t.Parallel()
	h, copyLines := testhub.Indexed(t)
	h.Do(cameron, "GET", "/people/"+ana[0], "").Want(t, http.StatusOK)
	copyLines()
	b := openTab(t, h)
	b.withoutScript()
	b.signInByKeys()

	b.press("Write in my book", "New page")
	b.fill("Weight", "7l")
	b.fill("In short", "Weighed")
	b.lead("Save", http.StatusUnprocessableEntity, "New page")
	b.wantText("This is no number.")
	b.fill("Weight", "\b\b71,25")
	b.press("Save", "Weighed")
	b.wantText("The page was saved.")
	b.press("Correct this page", "Correct the page")
	b.fill("What happened", "Before breakfast")
	b.press("Save", "Weighed")
	b.wantText("Before breakfast")

	b.press("Add a document", "Documents")
	b.attach("File", "scan.txt", "a scan")
	b.press("Send the file", "Documents")
	b.press("My documents", "Documents")
	b.wantText("scan.txt")

	b.press("My measurements", "Measurements")
	b.press("Weight", "Measurements")
	b.wantText("71.25")
	b.press("3 months", "Measurements")

	b.press("Who read me", "Who read about me")
	b.wantText("Cameron Cordara")
	b.press("My documents", "Documents")
	b.download("Download everything", "person.json")
}

// withoutScript switches script off in the pages.
func (b tab) withoutScript() {
	b.T.Helper()
	_, err := chromedp.Call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.Check(err)
}

// signInByKeys signs Ana in.
func (b tab) signInByKeys() {
	b.T.Helper()
	b.signInAsByKeys(ana)
}

func (b tab) signInAsByKeys(account []string) {
	b.T.Helper()
	b.Goto(b.url+"/portal/", http.StatusOK)
	b.wantHeading("Sign in")
	b.fill("Federation account", account[0])
	b.fill("Password", account[1])
	b.press("Sign in", "Home")
}

// wantText looks for a text in the main part of the page.
func (b tab) wantText(want string) {
	b.T.Helper()
	if got := eval[string](b, `document.querySelector("main").innerText`); !strings.Contains(got, want) {
		b.T.Errorf("the page does not say %q: %s", want, got)
	}
}

// attach goes to a field for a file, and chooses one: in the window of the system, which no test opens.
func (b tab) attach(name, file, content string) {
	b.T.Helper()
	path := filepath.Join(b.T.TempDir(), file)
	b.Check(os.WriteFile(path, []byte(content), 0o600))
	b.goTo(name)
	b.Check(chromedp.Do(b, chromedp.SetUploadFiles(chromedp.CSS("input:focus"), []string{path})))
}

// download goes to a link, and waits until its ZIP has arrived whole, with this file in it.
func (b tab) download(name, file string) {
	b.T.Helper()
	dir, enabled := b.T.TempDir(), true
	progress := chromedp.Events(b, browser.DownloadProgress)
	_, err := chromedp.Call(b, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: dir, EventsEnabled: &enabled,
	})
	b.Check(err)
	b.goTo(name)
	b.Check(chromedp.Do(b, chromedp.KeyEvent(kb.Enter)))
	for event, err := range progress {
		b.Check(err)
		if event.State != browser.DownloadProgressStateCompleted {
			continue
		}
		archive, err := zip.OpenReader(filepath.Join(dir, event.GUID))
		b.Check(err)
		defer archive.Close()
		if _, err := archive.Open(file); err != nil {
			b.T.Error(err)
		}
		return
	}
}
