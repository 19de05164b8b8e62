// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"thalamus/internal/testbrowser"
	"thalamus/internal/testhub"
)

// fillForm is a script that types a text into all fields of a page that fit a selector, of the form that has the
// first of them, with a choice more where one chooses, and sends the form past the browser's own checks.
const fillForm = `(() => {
	const form = document.querySelector("main :is(" + %selector + ")")?.form;
	if (!form) throw new Error(location.pathname + " has no " + %selector);
	for (const field of form.querySelectorAll(%selector)) {
		if (field.tagName === "SELECT") field.add(new Option(%text, %text, true, true));
		else { if (field.tagName === "INPUT") field.type = "text"; field.removeAttribute("maxlength"); field.value = %text; }
	}
	form.noValidate = true;
	form.submit();
})()`

// send fills the form of a page in, and leads to what comes then.
func (b tab) send(path, selector, text string) {
	b.T.Helper()
	b.visit(path)
	b.submit(selector, text)
}

// submit is send on the page that is shown.
func (b tab) submit(selector, text string) {
	b.T.Helper()
	chosen, _ := json.Marshal(selector)
	typed, _ := json.Marshal(text)
	script := strings.NewReplacer("%selector", string(chosen), "%text", string(typed)).Replace(fillForm)
	_, err := chromedp.RunResponse(b, chromedp.Evaluate[chromedp.Void](script))
	b.Check(err)
}

// Whatever is typed into a form is a text: where the form comes back with it, and where it was
// stored.
func TestTheTextsOfAFormAreOnlyTexts(t *testing.T) {
	t.Parallel()
	h, _ := testhub.Indexed(t)
	c, b := testbrowser.NewCanary(t), openTab(t, h)
	b.signIn(ana)
	b.askNobodyElse()
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	edit := "/portal/page/" + testhub.BirthPage + "/edit"
	send := func(name, text, path, selector string) {
		b.send(path, selector, text)
		b.wantOnlyText(name + " sent to " + path + ", " + selector)
	}

	all := attacks(c)
	for _, name := range slices.Sorted(maps.Keys(all)) { // the longest word is last: a form does not have a text that is too long for it
		text := all[name]
		send(name, text, "/portal/new", "input:not([type=hidden]), textarea, select")
		send(name, text, "/portal/new", "[name=summary], [name=info], [name=kind]")
		send(name, text, edit, "[name=summary], [name=info]")
		send(name, text, "/portal/book", "input, select")
	}
	for _, name := range []string{"markup", "overridden"} {
		send(name, all[name], edit, "input:not([type=hidden]), textarea, select")
		send(name, all[name], "/portal/new", "[name=id], [name=info]")
		send(name, all[name], edit, "[name=version], [name=info]")
		send(name, all[name], "/portal/access", "input, select")
		send(name, all[name], "/portal/password", "input")
	}
	if stored := h.DB.Text(`SELECT count(*)::text FROM pols WHERE data ->> 'summary' LIKE '%<script>%' AND data ->> 'info' = data ->> 'summary'`); stored != "2" {
		t.Errorf("%s pages have the markup, want the new one and the other", stored)
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}

// A document is saved and not opened, whatever is said of it; one that may be a picture is shown as
// nothing else.
func TestADocumentThatWasSentNeverRuns(t *testing.T) {
	t.Parallel()
	h, c := quickHub(t), testbrowser.NewCanary(t)
	b := openTabAt(t, h, h.Gate) // which complains of the browser's own style of pictures
	b.signIn(ana)
	b.askNobodyElse()
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	by := h.SignIn(ana)
	script := "<script>" + c.Script() + "</script>"
	svg := `<svg xmlns="http://www.w3.org/2000/svg" onload="` + c.Script() + `">` + script + `<image href="` + c.URL + `/e"/></svg>`
	for _, sent := range []struct {
		name, content string
		shown         bool
	}{
		{"page.html", "<!DOCTYPE html><img src=" + c.URL + "/f>" + script, false}, {"page.xhtml", `<html xmlns="http://www.w3.org/1999/xhtml">` + script + `</html>`, false},
		{"picture.svg", svg, false}, {"picture.png", svg, false}, {"picture.gif", "GIF89a" + script, true}, {`"><img src=x onerror=` + c.Script() + `>.txt`, "text", false},
	} {
		h.DB.Exec(`DELETE FROM personal_docs`)
		upload(t, by, birthPageDocuments, sent.name, sent.content).Want(t, http.StatusSeeOther)
		b.visit("/portal/documents")
		b.wantOnlyText(sent.name)

		document := b.url + "/portal/document/" + testhub.BirthPage + "/" + h.DB.Text(`SELECT id FROM personal_docs`)
		if sent.shown {
			b.Check(chromedp.Do(b, chromedp.Navigate(document)))
		} else {
			b.Download(document)
		}
		b.WantQuiet(sent.name)
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}
