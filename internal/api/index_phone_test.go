// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"thalamus/internal/testhub"
	"thalamus/internal/web"
)

// A phone must not have to be scrolled sideways, also when everything is unfolded.
func TestTheIndexIsLegibleOnAPhone(t *testing.T) {
	t.Parallel()
	const width = 390 // pixels of a phone
	site := web.Site{Title: strings.Repeat("서울중앙보건의료원", 8) + strings.Repeat("مستشفىالقدسالمركزي", 8), Contact: "office@" + strings.Repeat("hospital", 12) + ".example"}
	h, b := testhub.Quick(t, func(o *testhub.Options) { o.Site = site }), openTab(t)
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(width, 844, chromedp.EmulateMobile)))
	b.Login(h.URL, testhub.Ana)
	for path, status := range map[string]int{"/password/ESPGNU777ORG": 200, "/nothing": 404, "/people/" + strings.Repeat("x", 300) + "?q=": 403} {
		t.Run(path, func(t *testing.T) {
			b.Goto(h.URL+path, status)
			if got := eval[int](b, `document.documentElement.scrollWidth`); got > width {
				t.Errorf("%s is %d pixels wide", path, got)
			}
		})
	}
	b.Goto(h.URL+"/", http.StatusOK)
	for _, unfold := range []string{"", `document.querySelectorAll("details").forEach(d => { d.open = true })`} {
		eval[any](b, unfold)
		if got := eval[int](b, `document.documentElement.scrollWidth`); got > width {
			t.Errorf("after %q the page is %d pixels wide", unfold, got)
		}
	}
	if got := eval[float64](b, `Math.min(...[...document.querySelectorAll("td, li, code")].map(e => parseFloat(getComputedStyle(e).fontSize)))`); got < 13 {
		t.Errorf("the smallest letters are %g pixels high", got)
	}
}
