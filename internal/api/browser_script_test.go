// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"thalamus/internal/testbrowser"
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
	h, c, b := quickHub(t), testbrowser.NewCanary(t), openTab(t)
	addresses := writeHostile(h, c.Script())
	b.Login(h.URL, root)
	for _, path := range addresses {
		b.Goto(h.URL+path, http.StatusOK)
		b.WantQuiet(path)
	}
	for path, status := range map[string]int{
		"/password/" + url.PathEscape(`<script>`+c.Script()+`</script>`):  http.StatusNotFound,
		"/nosuch/" + url.PathEscape(`<script>`+c.Script()+`</script>`):    http.StatusNotFound,
		"/people?x=" + url.QueryEscape(`<script>`+c.Script()+`</script>`): http.StatusUnprocessableEntity,
	} {
		b.Goto(h.URL+path, status)
		b.WantQuiet(path)
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}

func TestTheDocumentsOfAPatientRunNothingInTheBrowserOfTheOneWhoReads(t *testing.T) {
	t.Parallel()
	h, c, b := quickHub(t), testbrowser.NewCanary(t), openTab(t)
	addresses := uploadHostile(h, c.Script())
	b.Login(h.URL, cameron)
	for _, address := range addresses {
		if name := b.Download(address); strings.ContainsAny(name, `/<>"`) {
			t.Errorf("%s is saved as %q", address, name)
		}
		b.WantQuiet(address)
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}

// The other page is the patient's, and the doctor has opened it.
func TestADocumentRunsInNoPageThatEmbedsIt(t *testing.T) {
	t.Parallel()
	h, c, b := quickHub(t), testbrowser.NewCanary(t), openTab(t)
	var page strings.Builder
	for _, address := range uploadHostile(h, c.Script()) {
		for _, tag := range []string{
			`<iframe src="%">`, `<object data="%">`, `<embed src="%">`, `<img src="%">`, `<script src="%">`,
			`<link rel=stylesheet href="%">`, `<script type=module src="%">`,
		} {
			name := strings.Fields(strings.Trim(tag, "<>"))[0]
			page.WriteString(strings.ReplaceAll(tag, "%", address) + "</" + name + ">\n")
		}
	}
	evil := testbrowser.ServePage(t, "<!DOCTYPE html>"+page.String())
	b.Login(h.URL, cameron)
	for _, host := range []string{"127.0.0.1", "other.example"} {
		b.Goto(strings.Replace(evil.URL, "127.0.0.1", host, 1), http.StatusOK)
		b.WantQuiet(host)
	}
	c.WantUnasked(t)
	c.WouldHear(b.Tab)
}
