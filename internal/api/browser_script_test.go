// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// hostile is what a patient may put into a book of life to reach her doctor.
func hostile(script string) map[string]struct{ contentType, content string } {
	html := `<!DOCTYPE html><title>quiet</title><script>` + script + `</script><img src=x onerror="` + script + `">`
	svg := `<svg xmlns="http://www.w3.org/2000/svg" onload="` + script + `"><script>` + script + `</script></svg>`
	xml := `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>` + script + `</script></html>`
	return map[string]struct{ contentType, content string }{
		"page.html": {"text/html", html}, "page.xhtml": {"application/xhtml+xml", xml}, "drawing.svg": {"image/svg+xml", svg},
		"report.pdf": {"text/javascript", script}, "picture.png": {"image/png", html}, "scan.pdf": {"application/pdf", svg},
		`"><script>` + script + `<script>.html`: {"", html}, "letter": {"text/html, image/png", html}, "feed.xml": {"text/xml", xml},
	}
}

// uploadHostile stores them as the patient, and gives their addresses.
func uploadHostile(h *hub, script string) (addresses []string) {
	h.T.Helper()
	for name, file := range hostile(script) {
		data, _ := json.Marshal(map[string]string{"filename": name, "description": file.content})
		a := h.uploadForm(other, otherDocs+"?id="+url.QueryEscape(fmt.Sprint(`<img src=x onerror=document.title="ran">`, len(addresses))),
			part{`form-data; name="document"`, file.contentType, file.content}, dataPart(string(data)))
		addresses = append(addresses, h.URL+a.Want(h.T, http.StatusCreated).Header.Get("Location"))
	}
	return addresses
}

// writeHostile puts markup wherever the patient can write, and an account with
// a name of markup, and gives the addresses where it is read.
func writeHostile(h *hub, script string) []string {
	h.T.Helper()
	markup := `"'></code><img src=x onerror=` + script + `><script>` + script + `</script>`
	body, _ := json.Marshal(map[string]string{"name": markup, "summary": markup, markup: markup})
	h.Do(other, http.MethodPatch, "/people/FRAOTH001EUS", string(body)).Want(h.T, http.StatusOK)
	h.Do(other, http.MethodPatch, "/pols/FRAOTH001EUS/page-of-other-0001", string(body)).Want(h.T, http.StatusOK)
	h.DB.Exec(`INSERT INTO people VALUES ($1, $2)`, markup, string(body))
	id := url.PathEscape(markup)
	return []string{
		"/people", "/people/FRAOTH001EUS", "/people/" + id, "/pols/FRAOTH001EUS", "/pols/FRAOTH001EUS/page-of-other-0001",
		"/personal_docs/FRAOTH001EUS", otherDocs, "/password/" + id, "/",
	}
}

func TestThePagesOfAPatientRunNothingInTheBrowserOfTheOneWhoReads(t *testing.T) {
	t.Parallel()
	h, c, b := quickHub(t), newCanary(t), openTab(t)
	addresses := writeHostile(h, c.script())
	b.login(h.URL, root)
	for _, path := range addresses {
		b.open(h.URL+path, http.StatusOK)
		b.wantQuiet(path)
	}
	for path, status := range map[string]int{
		"/password/" + url.PathEscape(`<script>`+c.script()+`</script>`):  http.StatusNotFound,
		"/nosuch/" + url.PathEscape(`<script>`+c.script()+`</script>`):    http.StatusNotFound,
		"/people?x=" + url.QueryEscape(`<script>`+c.script()+`</script>`): http.StatusUnprocessableEntity,
	} {
		b.open(h.URL+path, status)
		b.wantQuiet(path)
	}
	c.wantUnasked(t)
	c.wouldHear(b)
}

func TestTheDocumentsOfAPatientRunNothingInTheBrowserOfTheOneWhoReads(t *testing.T) {
	t.Parallel()
	h, c, b := quickHub(t), newCanary(t), openTab(t)
	addresses := uploadHostile(h, c.script())
	b.login(h.URL, cameron)
	for _, address := range addresses {
		if name := b.download(address); strings.ContainsAny(name, `/<>"`) {
			t.Errorf("%s is saved as %q", address, name)
		}
		b.wantQuiet(address)
	}
	c.wantUnasked(t)
	c.wouldHear(b)
}

// The other page is the patient's, and the doctor has opened it.
func TestADocumentRunsInNoPageThatEmbedsIt(t *testing.T) {
	t.Parallel()
	h, c, b := quickHub(t), newCanary(t), openTab(t)
	var page strings.Builder
	for _, address := range uploadHostile(h, c.script()) {
		for _, tag := range []string{
			`<iframe src="%">`, `<object data="%">`, `<embed src="%">`, `<img src="%">`, `<script src="%">`,
			`<link rel=stylesheet href="%">`, `<script type=module src="%">`,
		} {
			name := strings.Fields(strings.Trim(tag, "<>"))[0]
			page.WriteString(strings.ReplaceAll(tag, "%", address) + "</" + name + ">\n")
		}
	}
	evil := servePage(t, "<!DOCTYPE html>"+page.String())
	b.login(h.URL, cameron)
	for _, host := range []string{"127.0.0.1", "other.example"} {
		b.open(strings.Replace(evil.URL, "127.0.0.1", host, 1), http.StatusOK)
		b.wantQuiet(host)
	}
	c.wantUnasked(t)
	c.wouldHear(b)
}

// servePage serves an HTML page on an origin of its own.
func servePage(t testing.TB, text string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	return server
}

// wantQuiet fails the test if a script of the page shown has run.
func (b tab) wantQuiet(where string) {
	b.t.Helper()
	if eval[bool](b, `window.ran !== undefined || document.title === "ran"`) {
		b.t.Errorf("a script ran: %s", where)
	}
}

// wantUnasked fails the test if a script has asked the canary.
func (c *canary) wantUnasked(t testing.TB) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asked) > 0 {
		t.Errorf("scripts asked: %v", c.asked)
	}
}

// wouldHear makes sure that the canary hears of a script that does run.
func (c *canary) wouldHear(b tab) {
	b.t.Helper()
	plain := servePage(b.t, `<!DOCTYPE html><script>window.alert=function(){};`+c.script()+`</script>`)
	b.check(chromedp.Do(b, chromedp.Navigate(plain.URL)))
	if !eval[bool](b, `window.ran === 1 && document.title === "ran"`) {
		b.t.Error("the script does not run anywhere")
	}
	select {
	case <-c.heard:
	case <-b.Done():
		b.t.Error("the canary does not hear of scripts that run")
	}
}
