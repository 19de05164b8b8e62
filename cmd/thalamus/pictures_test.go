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

// TestPictures draws the portal's screens as Ana sees them on her phone, from the demo.
func TestPictures(t *testing.T) {
	if err := os.MkdirAll(picturesDir, 0o755); err != nil {
		t.Fatal(err)
	}
	base, stop := startDemo(t, demoHome(t))
	defer stop()
	b := testbrowser.Open(t, chromedp.IgnoreCertErrors)
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(400, 900, chromedp.EmulateScale(2))))
	b.Goto(base+"/portal/sign-in", http.StatusOK)
	b.Check(chromedp.Do(b, chromedp.SendKeys(chromedp.CSS("[name=account]"), "ESPGNU777ORG"), chromedp.SendKeys(chromedp.CSS("[name=password]"), "gnusolidario")))
	_, err := chromedp.RunResponse(b, chromedp.Click(chromedp.CSS("main button")))
	b.Check(err)

	for name, path := range map[string]string{
		"home": "/portal/", "book": "/portal/book", "measurements": "/portal/measurements?period=2y", "documents": "/portal/documents", "access": "/portal/access", "new": "/portal/new",
	} {
		t.Run(name, func(t *testing.T) {
			b.Goto(base+path, http.StatusOK)
			picture, err := chromedp.Run(b, chromedp.CaptureScreenshot())
			b.Check(err)
			if err := os.WriteFile(filepath.Join(picturesDir, name+".png"), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}
