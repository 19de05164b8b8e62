// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pictures

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"thalamus/internal/testbrowser"
)

const picturesDir = "../../bin/pictures"

// TestPictures draws the portal's screens from the demo, on a phone: as Ana sees them, and those of the manual
// as a professional and an administrator do.
func TestPictures(t *testing.T) {
	if err := os.MkdirAll(picturesDir, 0o755); err != nil {
		t.Fatal(err)
	}
	base, stop := startDemo(t, demoHome(t))
	defer stop()
	b := testbrowser.Open(t, chromedp.IgnoreCertErrors)
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(400, 900, chromedp.EmulateScale(2))))
	p := painter{b, base}
	p.signIn("ESPGNU777ORG", "gnusolidario")
	p.draw(t, map[string]string{
		"home": "/portal/", "book": "/portal/book", "measurements": "/portal/measurements?period=2y", "documents": "/portal/documents", "access": "/portal/access", "new": "/portal/new",
	})

	b.Check(chromedp.Do(b, chromedp.EmulateViewport(400, 1000)))
	p.leave()
	p.signIn("ITAPYT999HON", "gnusolidario")
	p.draw(t, map[string]string{
		"professionals-search": "/portal/people?q=grasia+santna", "professionals-person": "/portal/people/ESPGRA118SAN", "professionals-page": "/portal/people/ESPGNU777ORG/new",
	})
	for range 4 { // which administrators see
		p.Goto(base+"/portal/statistics", http.StatusForbidden)
	}

	p.leave()
	p.signIn("ARGBUE111FAV", "freedom")
	p.draw(t, map[string]string{
		"administrators-account": "/portal/admin/accounts/ITAPYT999HON", "administrators-pair": "/portal/admin/duplicates/ESPGRA118SAN/ESPGRA452SAN",
		"administrators-access": "/portal/admin/access?person=ESPGNU777ORG", "administrators-followers": "/portal/admin/followers", "administrators-refusals": "/portal/admin/refusals",
	})
}

// painter draws what a browser shows of a demo.
type painter struct {
	testbrowser.Tab
	base string
}

func (p painter) signIn(account, password string) {
	p.Goto(p.base+"/portal/sign-in", http.StatusOK)
	p.Check(chromedp.Do(p, chromedp.SendKeys(chromedp.CSS("[name=account]"), account), chromedp.SendKeys(chromedp.CSS("[name=password]"), password)))
	_, err := chromedp.RunResponse(p, chromedp.Click(chromedp.CSS("main button")))
	p.Check(err)
}

func (p painter) leave() {
	_, err := chromedp.RunResponse(p, chromedp.Click(chromedp.CSS(".account button")))
	p.Check(err)
}

// draw makes a file of each name.
func (p painter) draw(t *testing.T, screens map[string]string) {
	for name, path := range screens {
		t.Run(name, func(t *testing.T) {
			p.Goto(p.base+path, http.StatusOK)
			picture, err := chromedp.Run(p, chromedp.CaptureScreenshot())
			p.Check(err)
			if err := os.WriteFile(filepath.Join(picturesDir, name+".png"), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}
