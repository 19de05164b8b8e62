// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"thalamus/internal/portal"
	"thalamus/internal/testhub"
)

// A form that comes back, with what is wrong beside its fields or what is stored now, is for everybody, too.
func TestNoFormThatComesBackHasABarrier(t *testing.T) {
	t.Parallel()
	script := axe(t)
	for _, language := range []string{"en", portal.PseudoTag} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			h := busyOffice(t)
			b := openTab(t, h)
			b.signIn(root)
			b.speak(language)
			for _, c := range refusedForms(h) {
				b.visit(c.path)
				c.meanwhile()
				if c.selector == "button" {
					_, err := chromedp.RunResponse(b, chromedp.Click(chromedp.CSS("main "+c.button)))
					b.Check(err)
				} else {
					b.submit(c.selector, c.text)
				}
				if status := eval[int](b, `performance.getEntriesByType("navigation")[0].responseStatus`); status != c.status {
					t.Errorf("%s: status %d, want %d", c.name, status, c.status)
				}
				b.wantNoBarrier(script, language+", "+c.name)
			}
		})
	}
}

// refusedForm is a form that is sent, and comes back.
type refusedForm struct {
	name, path     string
	selector, text string // which fields have this; "button": button is pressed
	button         string
	status         int
	meanwhile      func() // what others do while it is filled in
}

func refusedForms(h *testhub.Hub) []refusedForm {
	nothing := func() {}
	page := testhub.BirthPage
	return []refusedForm{
		{"a new page of letters", ofAna("/portal/new"), "input:not([type=hidden])", "x", "", http.StatusUnprocessableEntity, nothing},
		{"a doubtful value", ofAna("/portal/new"), "[name=heart_rate]", "290", "", http.StatusUnprocessableEntity, nothing},
		{"two who correct one page", ofAna("/portal/page/" + page + "/edit"), "[name=summary], [name=info]", "mine", "", http.StatusConflict, func() {
			h.Do(cameron, "PATCH", "/pols/"+ana[0]+"/"+page, `{"info": "another's", "summary": "another's"}`).Want(h.T, http.StatusOK)
		}},
		{"no file", ofAna("/portal/page/" + page + "/documents"), "input[type=file]", "", "", http.StatusUnprocessableEntity, nothing},
		{"an id that cannot be", "/portal/admin/new-account", "[name=id]", "a/b", "", http.StatusUnprocessableEntity, nothing},
		{"an id that somebody has", "/portal/admin/new-account", "[name=id]", "NURSE", "", http.StatusConflict, nothing},
		{"an account that was changed", accountsPath + "/NURSE", "button", "", "[action$=roles] button", http.StatusPreconditionFailed, func() {
			h.DB.Exec(`UPDATE people SET data = data || '{"name": "Nela"}' WHERE id = 'NURSE'`)
		}},
		{"a pair that contradicts another", queuePath + "/A3/B3", "button", "", "[value=same]", http.StatusConflict, func() {
			h.DB.Exec(`SELECT thalamus_link('A3', 'A1', true, NULL, NULL), thalamus_link('A1', 'B3', false, NULL, NULL)`)
		}},
		{"a name that is too long", "/portal/admin/accounts", "[name=q]", strings.Repeat("a", 700), "", http.StatusUnprocessableEntity, nothing},
		{"days that are none", "/portal/admin/access", "input", "x", "", http.StatusUnprocessableEntity, nothing},
	}
}
