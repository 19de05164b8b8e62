// SPDX-License-Identifier: GPL-3.0-or-later

//go:build pages

package portal_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"thalamus/internal/portal"
	"thalamus/internal/testbrowser"
	"thalamus/internal/testhub"
)

// attacks are texts that somebody may write into a record, of whoever reads it.
func attacks(c *testbrowser.Canary) map[string]string {
	script := c.Script()
	return map[string]string{
		"markup": `"'></code></textarea></title></option><script>` + script + `</script><img src=x onerror=` + script + `><svg onload=` + script + `>`,
		"quotes": `" onfocus=` + script + ` autofocus tabindex=1 x='` + "`" + `' onmouseover=` + script + ` style=background:url(` + c.URL + `)`,
		"loads": `<img src="` + c.URL + `/a"><link rel=stylesheet href="` + c.URL + `/b"><base href="` + c.URL + `/"><meta http-equiv=refresh content="0;url=` + c.URL + `/c">` +
			`<iframe src="` + c.URL + `/d"></iframe><!-- <![CDATA[ {{.}} ${1}`,
		"address":    `javascript:` + script,
		"data":       `data:text/html,<script>` + script + `</script>`,
		"overridden": "\u202e\u2067\u202btxet eht fo dne\u200f",
		"word":       strings.Repeat("w", 100_000),
		"marks":      strings.Repeat("a\u0335\u0489\u0336\u034f", 2_000),
		"spaces":     strings.Repeat("\u00a0", 2_000),
		"letters":    strings.Repeat("\u0645\ufdfd", 1_000),
	}
}

// writeEverywhere puts a text into each free field of Ana's records: into all keys that pages have in
// either schema, into unknown ones, and into their names.
func writeEverywhere(h *testhub.Hub, text string) {
	h.T.Helper()
	fields := map[string]any{cutKey(text): map[string]any{cutKey(text): []any{text, map[string]any{cutKey(text): text}}}, "measurements": []any{map[string]any{"bp": text, cutKey(text): text}}}
	for _, key := range portal.MemberKeys() {
		fields[key] = text
	}
	page, _ := json.Marshal(fields)
	h.DB.Exec(`UPDATE pols SET data = data || $2::jsonb WHERE book = $1`, ana[0], string(page))

	document, _ := json.Marshal(map[string]any{"filename": text, "description": text, "content_type": text, "type": text, "node": text, cutKey(text): text})
	h.DB.Exec(`UPDATE personal_docs SET data = data || $2::jsonb WHERE fedacct = $1`, ana[0], string(document))

	person, _ := json.Marshal(map[string]any{"name": text, "lastname": text, "gender": text, "dob": text, "profession": text, cutKey(text): text})
	h.DB.Exec(`UPDATE people SET data = data || $2::jsonb WHERE id = $1`, ana[0], string(person))
	h.DB.Exec(`UPDATE thalamus_session SET agent = $2 WHERE account = $1`, ana[0], text)
}

// No line can be broken within a letter, however many accents it has: what reaches out is cut off.
func TestALetterWithThousandsOfAccentsMovesNothing(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := openTab(t, h)
	b.signIn(ana)
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	writeEverywhere(h, "a"+strings.Repeat("\u0489\u0301\u1dfa\u20dd", 2_000))
	for _, path := range []string{"/portal/book", "/portal/measurements", "/portal/documents", "/portal/page/" + testhub.BirthPage} {
		b.visit(path)
		whole, width := eval[int](b, shownWidth), eval[int](b, `document.documentElement.scrollWidth`)
		if whole <= 320 || width > 320 {
			t.Errorf("%s: the page is %d pixels wide, of %d", path, width, whole)
		}
	}
}

// cutKey is a text as a key: PostgreSQL indexes none of any length.
func cutKey(text string) string { return text[:min(len(text), 1_000)] }

// Whatever stands in a record is a text: nothing runs, nothing is asked for, no link leads away, and
// the page keeps its width and the order of its words.
func TestTheTextsOfARecordAreOnlyTexts(t *testing.T) {
	t.Parallel()
	h, c := quickHub(t), testbrowser.NewCanary(t)
	h.DB.Exec(`UPDATE people SET data = data || '{"roles": ["end_user", "health_professional"]}' WHERE id = $1`, ana[0])
	b := openTab(t, h)
	b.signIn(ana)
	b.askNobodyElse()
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	for name, text := range attacks(c) {
		writeEverywhere(h, text)
		for _, path := range shownPaths(b) {
			b.visit(path)
			b.wantOnlyText(name + ", " + path)
		}
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}

// Addresses may be written by somebody else, too.
func TestTheTextsOfAnAddressAreOnlyTexts(t *testing.T) {
	t.Parallel()
	h, c := quickHub(t), testbrowser.NewCanary(t)
	b := openTab(t, h)
	b.askNobodyElse()
	b.Check(chromedp.Do(b, chromedp.EmulateViewport(320, 800)))
	for _, account := range [][]string{nil, ana} {
		if account != nil {
			b.signIn(account)
		}
		for name, text := range attacks(c) {
			text = text[:min(len(text), 4_000)]
			for _, path := range []string{
				"/portal/" + url.PathEscape(text), "/portal/page/" + url.PathEscape(text), "/portal/people/" + url.PathEscape(text) + "/book",
				"/portal/sign-in?language=" + url.QueryEscape(text) + "&next=" + url.QueryEscape(text),
				"/portal/book?q=" + url.QueryEscape(text) + "&kind=" + url.QueryEscape(text) + "&from=" + url.QueryEscape(text) + "&to=" + url.QueryEscape(text) + "&after=" + url.QueryEscape(text),
			} {
				b.visit(path)
				b.wantOnlyText(name + ", " + path[:min(len(path), 60)])
			}
		}
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}

// askNobodyElse fails the test when the browser asks anybody but the hub while it shows its pages.
func (b tab) askNobodyElse() {
	b.T.Helper()
	b.Check(chromedp.Listen(b, func(event any) {
		sent, ok := event.(*network.EventRequestWillBeSent)
		if ok && strings.HasPrefix(sent.DocumentURL, b.url) && !strings.HasPrefix(sent.Request.URL, b.url) && !strings.HasPrefix(sent.Request.URL, "data:") {
			b.T.Errorf("%s asks for %.200s", sent.DocumentURL, sent.Request.URL)
		}
	}))
}

// strays are parts of the page shown that a text of a record has made, or may reach beyond its place:
// links that lead away, handlers, and texts from right to left that nothing isolates.
const strays = `(() => {
	const found = [];
	for (const e of document.querySelectorAll("*")) {
		for (const a of e.attributes) {
			const leads = ["href", "src", "action", "formaction", "data"].includes(a.name);
			if (a.name.startsWith("on") || a.name === "style" || leads && !a.value.startsWith("/") && !a.value.startsWith("#") && a.value !== "data:," && a.value !== "")
				found.push(e.tagName + " " + a.name + "=" + a.value.slice(0, 80));
		}
		if (["SCRIPT", "STYLE", "IFRAME", "OBJECT", "BASE"].includes(e.tagName) || e.tagName === "META" && e.httpEquiv === "refresh") found.push(e.tagName);
	}
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (texts.nextNode()) {
		const parent = texts.currentNode.parentElement;
		if (/[\u202a-\u202e\u2066-\u2069]/.test(texts.currentNode.data) && !parent.closest("bdi, [dir=auto], textarea, option"))
			found.push("not isolated in " + parent.outerHTML.slice(0, 80));
	}
	return found;
})()`

// wide are the innermost parts that reach out of a small window.
const wide = `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 321 || e.scrollWidth > 321).map(e => e.outerHTML.slice(0, 80)).slice(-3)`

// wantOnlyText looks at the page that is shown.
func (b tab) wantOnlyText(where string) {
	b.T.Helper()
	b.WantQuiet(where)
	if found := eval[[]string](b, strays); len(found) > 0 {
		b.T.Errorf("%s: %.600q", where, found)
	}
	if width := eval[int](b, shownWidth); width > 320 {
		b.T.Errorf("%s: the page is %d pixels wide: %q", where, width, eval[[]string](b, wide))
	}
	if status := eval[int](b, `performance.getEntriesByType("navigation")[0].responseStatus`); status >= http.StatusInternalServerError {
		b.T.Errorf("%s: status %d", where, status)
	}
}
