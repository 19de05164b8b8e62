// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"thalamus/internal/testhub"
)

func TestTheIndexSaysWhatIsInTheRouteTable(t *testing.T) {
	t.Parallel()
	h := testhub.Quick(t)
	page := html.UnescapeString(h.Do(testhub.Nobody, "GET", "/", "").Want(t, http.StatusOK).Text)
	for _, row := range h.Rows {
		_, about, found := strings.Cut(page, "<code>"+row.Pattern+"</code>")
		about, _, _ = strings.Cut(about, "</tr>")
		if !found || !strings.Contains(about, row.Method+" ") || strings.Contains(about, "<td>\n") {
			t.Errorf("of %s %s it says %q", row.Method, row.Pattern, about)
		}
		for _, rule := range row.Parameters {
			if !strings.Contains(about, "<li>"+rule.Sentence+"</li>") {
				t.Errorf("%s %s: it does not say %s", row.Method, row.Pattern, rule.Sentence)
			}
		}
	}
}

// A phone must not have to be scrolled sideways, also when everything is unfolded.
func TestTheIndexIsLegibleOnAPhone(t *testing.T) {
	t.Parallel()
	const width = 390 // pixels of a phone
	h, b := testhub.Quick(t), openTab(t)
	b.check(chromedp.Do(b, chromedp.EmulateViewport(width, 844, chromedp.EmulateMobile)))
	b.open(h.URL+"/", http.StatusOK)
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
