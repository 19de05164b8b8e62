// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"
)

const (
	pngStart = "\x89PNG\r\n\x1a\n"
	evilHTML = `<!DOCTYPE html><script>document.title="ran"</script>`
	evilSVG  = `<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='ran'"></svg>`
)

func TestADocumentIsSentSoThatItRunsInNoBrowser(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := h.store("evil", evilHTML, `{"content_type": "text/html", "filename": "x.html"}`)
	sum := sha512.Sum512([]byte(evilHTML))
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		a := h.Do(cameron, method, path, "").Want(t, http.StatusOK)
		for name, want := range map[string]string{
			"Content-Type":                 "application/octet-stream",
			"Content-Disposition":          "attachment; filename=x.html",
			"Content-Security-Policy":      "sandbox; default-src 'none'; frame-ancestors 'none'",
			"Cross-Origin-Resource-Policy": "same-origin",
			"X-Content-Type-Options":       "nosniff",
			"Cache-Control":                "private, no-cache",
			"ETag":                         `"1"`,
			"Accept-Ranges":                "bytes",
			"Content-Length":               fmt.Sprint(len(evilHTML)),
			"Repr-Digest":                  "sha-512=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":",
		} {
			t.Run(name, func(t *testing.T) {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", method, name, got, want)
				}
			})
		}
		if want := map[string]string{http.MethodGet: evilHTML}[method]; a.Text != want {
			t.Errorf("%s: body %q, want %q", method, a.Text, want)
		}
	}
}

func TestOnlyPicturesAndPDFKeepTheirType(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	const other = "application/octet-stream"
	for i, c := range []struct{ data, content, want string }{
		{`{"content_type": "image/png"}`, "x", "image/png"}, {`{"content_type": "image/jpeg"}`, "x", "image/jpeg"},
		{`{"content_type": "image/gif"}`, "x", "image/gif"}, {`{"content_type": "image/webp"}`, "x", "image/webp"},
		{`{"content_type": "application/pdf"}`, "x", "application/pdf"},
		{`{"content_type": " IMAGE/PNG ; charset=utf-8"}`, "x", "image/png"},
		{`{"content_type": "image/svg+xml"}`, evilSVG, other}, {`{"content_type": "text/html"}`, evilHTML, other},
		{`{"content_type": "text/xml"}`, "<x/>", other}, {`{"content_type": "text/plain"}`, "x", other},
		{`{"content_type": "text/html"}`, pngStart, other}, {`{"content_type": "image/pngx"}`, pngStart, other},
		{`{"content_type": "text/html, image/png"}`, pngStart, other}, {`{"content_type": "image/png\r\nX: y"}`, "x", other},
		{`{}`, pngStart, "image/png"}, {`{"content_type": null}`, "%PDF-1.7", "application/pdf"},
		{`{"content_type": 5}`, "GIF89a", "image/gif"}, {`{"content_type": ""}`, "\xff\xd8\xff", "image/jpeg"},
		{`{}`, evilHTML, other}, {`{}`, evilSVG, other}, {`{}`, "<?xml version='1.0'?>", other}, {`{}`, "plain", other},
	} {
		t.Run(c.data, func(t *testing.T) {
			path := h.store(fmt.Sprint("d", i), c.content, c.data)
			if got := h.Do(ana, http.MethodGet, path, "").Want(t, http.StatusOK).Header.Get("Content-Type"); got != c.want {
				t.Errorf("%s %.20q has the type %s, want %s", c.data, c.content, got, c.want)
			}
		})
	}
	if got := h.Do(ana, http.MethodGet, birthPNG, "").Header.Get("Content-Type"); got != "image/png" {
		t.Errorf("the picture at birth has the type %s", got)
	}
}

func TestAFileNameIsEncodedAndCannotLeaveItsDirectoryOrItsHeader(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i, c := range []struct{ name, want string }{
		{`scan.pdf`, `scan.pdf`}, {`evil".html`, `evil".html`}, {`a\".html`, `".html`}, {`a;b=c.txt`, `a;b=c.txt`},
		{"ñandú ☃.pdf", "ñandú ☃.pdf"}, {"a\r\nX-Evil: 1\r\n\r\nb", "aX-Evil: 1b"}, {"x\u0085y\x7fz", "xyz"},
		{`../../etc/passwd`, `passwd`}, {`/etc/shadow`, `shadow`}, {`C:\temp\a.exe`, `a.exe`}, {`100%25.txt`, `100%25.txt`},
		{strings.Repeat("ñ", 300), strings.Repeat("ñ", 255)},
	} {
		data, _ := json.Marshal(map[string]string{"filename": c.name})
		a := h.Do(ana, http.MethodGet, h.store(fmt.Sprint("d", i), "x", string(data)), "").Want(t, http.StatusOK)
		header := a.Header.Get("Content-Disposition")
		kind, params, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" || params["filename"] != c.want || a.Header.Get("X-Evil") != "" {
			t.Errorf("%q is sent as %q: %v", c.name, header, err)
		}
		if strings.ContainsFunc(header, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q is sent in more than ASCII: %q", c.name, header)
		}
	}
}

// A client that reads no filename* has a name in ASCII, on which all clients agree.
func TestAFileNameHasAFallbackInASCIIAndShowsAsItIs(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i, c := range []struct{ name, want string }{
		{`scan 1.pdf`, `attachment; filename="scan 1.pdf"`}, {`Größe, 5.pdf`, `attachment; filename="Gro_e, 5.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%2C%205.pdf`},
		{`血液.pdf`, `attachment; filename=__.pdf; filename*=UTF-8''%E8%A1%80%E6%B6%B2.pdf`}, {`a"b%20.pdf`, `attachment; filename=a_b_20.pdf; filename*=UTF-8''a%22b%2520.pdf`},
		{"a\u202efdp\u2028\u2029.exe\u202c\u2066\u2069\u200e\u200f\u061c\u202a\u202b\u202d\u2067\u2068", `attachment; filename=afdp.exe`}, {"e\u0301.pdf", `attachment; filename=e.pdf; filename*=UTF-8''e%CC%81.pdf`},
		{"\u0301", `attachment; filename=document; filename*=UTF-8''%CC%81`}, {".\u0301.", `attachment; filename=document; filename*=UTF-8''.%CC%81.`}, {`..`, fmt.Sprint(`attachment; filename=f`, 8)},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, _ := json.Marshal(map[string]string{"filename": c.name})
			a := h.Do(ana, http.MethodGet, h.store(fmt.Sprint("f", i), "x", string(data)), "").Want(t, http.StatusOK)
			if got := a.Header.Get("Content-Disposition"); got != c.want {
				t.Errorf("%+q is sent as %s, want %s", c.name, got, c.want)
			}
		})
	}
}

func TestADocumentWithoutAFileNameIsNamedByItsID(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i, c := range []struct{ data, want string }{
		{`{}`, ""}, {`{"filename": null}`, ""}, {`{"filename": 5}`, ""}, {`{"filename": "\u0001/"}`, ""},
		{`{"extension": "png"}`, ".png"}, {`{"filename": "", "extension": "/../tiff"}`, ".tiff"},
	} {
		t.Run(c.data, func(t *testing.T) {
			id := fmt.Sprint("d", i)
			header := h.Do(ana, http.MethodGet, h.store(id, "x", c.data), "").Want(t, http.StatusOK).Header.Get("Content-Disposition")
			if _, params, _ := mime.ParseMediaType(header); params["filename"] != id+c.want {
				t.Errorf("%s is sent as %s", c.data, header)
			}
		})
	}
}
