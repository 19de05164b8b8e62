// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/gate"
	"thalamus/internal/testhub"
)

// upload sends the form with a file, as a browser does.
func upload(t *testing.T, b testhub.Browser, path, name, content string) testhub.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("document", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	_ = form.Close()
	return b.Hub.DoWith(nil, http.MethodPost, path, body.String(), "Cookie", b.Cookie, "Sec-Fetch-Site", "same-origin", "Content-Type", form.FormDataContentType())
}

var birthPageDocuments = "/portal/page/" + testhub.BirthPage + "/documents"

// ofAna is a path of the portal about Ana, for somebody else.
func ofAna(path string) string {
	return strings.Replace(path, "/portal/", "/portal/people/"+ana[0]+"/", 1)
}

func TestDocumentsAreForThoseWhoMayReadThem(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addDocument(h, testhub.BirthPage, "scan", `{"filename": "scan.txt"}`, "hello")
	one := "/portal/document/" + testhub.BirthPage + "/scan"
	stranger := h.Enrol("STRANGER")
	for _, path := range []string{"/portal/documents", one, birthPageDocuments} {
		for _, c := range []struct {
			account []string
			path    string
			status  int
		}{
			{ana, path, 200}, {ana, ofAna(path), 200}, {other, ofAna(path), 403}, {cameron, ofAna(path), 200}, {root, ofAna(path), 200},
			{stranger, path, 403}, {stranger, ofAna(path), 403}, {nobody, path, 303}, {nobody, ofAna(path), 303},
		} {
			h.SignIn(c.account).Get(c.path).Want(t, c.status)
		}
	}
	for _, path := range []string{one, birthPageDocuments, "/portal/document/" + testhub.BirthPage + "/none", "/portal/document/none/scan"} {
		h.SignIn(other).Get(path).Want(t, http.StatusNotFound)
	}
	h.SignIn(cameron).Get("/portal/people/NOBODY/documents").Want(t, http.StatusNotFound)
}

// Pictures are shown, as their bytes say; whatever else it is called, it is saved and never runs.
func TestADocumentNeverRuns(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	b := h.SignIn(ana)
	for i, c := range []struct{ data, content, contentType, disposition string }{
		{`{"filename": "x.png"}`, "\x89PNG\r\n\x1a\n", "image/png", `inline; filename=x.png`},
		{`{"content_type": "text/html", "filename": "y"}`, "\xff\xd8\xff\xe0", "image/jpeg", `inline; filename=y`},
		{`{"filename": "z.gif"}`, "GIF89a<script>alert(1)</script>", "image/gif", `inline; filename=z.gif`},
		{`{"filename": "w"}`, "RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", `inline; filename=w`},
		{`{"content_type": "image/png", "filename": "a.png"}`, "<script>alert(1)</script>", "image/png", `attachment; filename=a.png`},
		{`{"content_type": "image/svg+xml", "filename": "a.svg"}`, `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "application/octet-stream", `attachment; filename=a.svg`},
		{`{"content_type": "text/html", "filename": "a.html"}`, "<!DOCTYPE html><script>alert(1)</script>", "application/octet-stream", `attachment; filename=a.html`},
		{`{"content_type": "application/xhtml+xml", "filename": "é.xhtml"}`, "<?xml version='1.0'?>", "application/octet-stream", `attachment; filename=e.xhtml; filename*=UTF-8''%C3%A9.xhtml`},
		{`{"filename": "a.pdf"}`, "%PDF-1.7", "application/pdf", `attachment; filename=a.pdf`},
	} {
		id := fmt.Sprint("attack", i)
		addDocument(h, testhub.BirthPage, id, c.data, c.content)
		a := b.Get("/portal/document/"+testhub.BirthPage+"/"+id).Want(t, http.StatusOK)
		for name, want := range map[string]string{
			"Content-Type": c.contentType, "Content-Disposition": c.disposition, "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.data, name, got, want)
			}
		}
		if a.Text != c.content {
			t.Errorf("%s: the bytes are %q", c.data, a.Text)
		}
	}
}

func TestADocumentComesInRanges(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addDocument(h, testhub.BirthPage, "digits", `{}`, "0123456789")
	path := "/portal/document/" + testhub.BirthPage + "/digits"
	cookie := h.SignIn(ana).Cookie
	if a := h.DoWith(nil, "GET", path, "", "Cookie", cookie, "Range", "bytes=2-4").Want(t, http.StatusPartialContent); a.Text != "234" {
		t.Errorf("the range has %q", a.Text)
	}
	h.DoWith(nil, "GET", path, "", "Cookie", cookie, "Range", "bytes=20-").Want(t, http.StatusRequestedRangeNotSatisfiable)
}

// A page has no version: whatever a browser says about one, there is the document.
func TestADocumentComesUnderAnyCondition(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	addDocument(h, testhub.BirthPage, "digits", `{}`, "0123456789")
	cookie := h.SignIn(ana).Cookie
	for _, condition := range [][]string{{"If-Match", `"3"`}, {"If-None-Match", `*`}, {"If-None-Match", `"1"`}} {
		a := h.DoWith(nil, "GET", "/portal/document/"+testhub.BirthPage+"/digits", "", append(condition, "Cookie", cookie)...)
		if a.Want(t, http.StatusOK).Text != "0123456789" {
			t.Errorf("%v: got %q", condition, a.Text)
		}
	}
}

// Each document is on one page of the list, and the last page leads no further.
func TestAListOfDocumentsIsReadInParts(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for n := range 60 {
		addDocument(h, testhub.BirthPage, fmt.Sprint("d", n), fmt.Sprintf(`{"filename": "<b>file %d</b>"}`, n), "x")
	}
	b, name, seen := h.SignIn(ana), regexp.MustCompile(`&lt;b&gt;file \d+&lt;/b&gt;`), map[string]bool{}
	path, parts := birthPageDocuments, 0
	for ; path != ""; parts++ {
		a := b.Get(path).Want(t, http.StatusOK)
		for _, found := range name.FindAllString(a.Text, -1) {
			if seen[found] {
				t.Errorf("%s is there twice", found)
			}
			seen[found] = true
		}
		path = href(a, "next")
	}
	if len(seen) != 60 || parts != 3 {
		t.Errorf("%d documents in %d parts", len(seen), parts)
	}
	b.Get(birthPageDocuments+"?after=%00").Want(t, http.StatusUnprocessableEntity)
}

func TestADocumentIsAddedToAPage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i, c := range []struct {
		account []string
		path    string
		status  int
	}{
		{ana, birthPageDocuments, 303}, {cameron, ofAna(birthPageDocuments), 303}, {root, ofAna(birthPageDocuments), 303}, {other, ofAna(birthPageDocuments), 403},
		{other, birthPageDocuments, 404}, {h.Enrol("STRANGER"), birthPageDocuments, 403}, {ana, "/portal/page/none/documents", 404},
	} {
		b := h.SignIn(c.account)
		content := fmt.Sprint("document ", i)
		a := upload(t, b, c.path, "../ü.txt", content).Want(t, c.status)
		stored := h.DB.Text(`SELECT count(*)::text FROM personal_docs WHERE document = convert_to('` + content + `', 'UTF8') AND data ->> 'filename' = 'ü.txt'`)
		if want := map[bool]string{true: "1", false: "0"}[c.status == 303]; stored != want {
			t.Errorf("%s at %s: %s are stored", c.account[0], c.path, stored)
		}
		if c.status == 303 && a.Lead() != c.path {
			t.Errorf("leads to %s", a.Lead())
		}
	}
}

// The limit is told before; what is refused is told beside the field, and nothing is stored.
func TestAFormTellsWhyADocumentIsNotTaken(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) {
		o.Sizes = gate.Sizes{MaxBody: 8 << 20, MaxElements: 10_000, MaxDocument: 64 << 10}
	})
	b := h.SignIn(ana)
	before := h.DB.Text(`SELECT count(*)::text FROM personal_docs`)
	if a := b.Get(birthPageDocuments); !strings.Contains(a.Text, "<bdi>64 kB</bdi> at most.") {
		t.Errorf("the limit is not told: %s", a.Text)
	}
	for _, c := range []struct {
		content string
		status  int
		says    string
	}{
		{strings.Repeat("x", 64<<10+1), http.StatusRequestEntityTooLarge, "larger than <bdi>64 kB</bdi>"}, {"", http.StatusUnprocessableEntity, "is empty"},
	} {
		a := upload(t, b, birthPageDocuments, "x", c.content).Want(t, c.status)
		if !strings.Contains(a.Text, c.says) || !strings.Contains(a.Text, `aria-describedby="document-hint document-wrong"`) {
			t.Errorf("%d bytes: %s", len(c.content), a.Text)
		}
	}
	if after := h.DB.Text(`SELECT count(*)::text FROM personal_docs`); after != before {
		t.Errorf("%s documents, want %s", after, before)
	}
}

// The list tells how large each document is, and the date of its page to those who may read that.
func TestAListOfDocumentsTellsSizesAndDates(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`DELETE FROM personal_docs`)
	addPage(h, ana[0], "p", `{"page_date": "2024-05-01"}`)
	addPage(h, ana[0], "q", `{"page_date": "spring"}`)
	for id, c := range map[string]struct {
		page string
		size int
	}{"a": {"p", 5}, "b": {"q", 300 << 10}, "c": {testhub.BirthPage, 3<<20 + 1000}} {
		addDocument(h, c.page, id, `{}`, strings.Repeat("x", c.size))
	}
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, pol, data) VALUES ('d', $1, 'p', '{}')`, ana[0])
	h.DB.Exec(`INSERT INTO personal_docs (id, fedacct, document, data) VALUES ('e', $1, '', '{}')`, ana[0])
	a := h.SignIn(ana).Get("/portal/documents").Want(t, http.StatusOK)
	var sizes []string
	for _, found := range regexp.MustCompile(`<td data-label="Size">(?:<bdi>)?([^<]*)`).FindAllStringSubmatch(a.Text, -1) {
		sizes = append(sizes, found[1])
	}
	if got := strings.Join(sizes, ", "); got != "1 kB, 300 kB, 3 MB, –, 1 kB" {
		t.Errorf("the sizes are %s", got)
	}
	wantText(t, a, `<a href="/portal/page/p"><time datetime="2024-05-01">1 May 2024</time></a>`, `<a href="/portal/page/q"><bdi>spring</bdi></a>`)

	h.SetPolicy(policy(t, `[{"role": "end_user", "global": false, "permissions": {"GET": ["login", "personaldocs"]}}]`))
	if a := h.SignIn(ana).Get("/portal/documents").Want(t, http.StatusOK); strings.Contains(a.Text, "2024") || strings.Contains(a.Text, "/portal/page/") {
		t.Errorf("without the right to pages there is %s", a.Text)
	}
}
