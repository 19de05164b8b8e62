// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"crypto/sha512"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func hashOf(content string) string {
	sum := sha512.Sum512([]byte(content))
	return hex.EncodeToString(sum[:])
}

func TestRawBytesBecomeADocumentWithAnIDAndAHash(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	a := h.DoWith(ana, http.MethodPost, birthDocs, "\x00\xff bytes", "Content-Type", "image/png",
		"Content-Disposition", `attachment; filename="scan.png"`).Want(t, http.StatusCreated)
	location := a.Header.Get("Location")
	id := strings.TrimPrefix(location, birthDocs+"/")
	if !uuidPattern.MatchString(id) {
		t.Errorf("location %s", location)
	}
	want := map[string]any{
		"id": id, "fedacct": "ESPGNU777ORG", "pol": birthPage,
		"hash": hashOf("\x00\xff bytes"), "content_type": "image/png", "filename": "scan.png",
	}
	if diff := cmp.Diff(want, h.data(a)) + cmp.Diff(want, a.Fields(t)); diff != "" {
		t.Errorf("(-want +stored, -want +replied)\n%s", diff)
	}
	if got := h.Do(ana, http.MethodGet, location, "").Want(t, http.StatusOK); got.Text != "\x00\xff bytes" || got.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%q of type %s came back", got.Text, got.Header.Get("Content-Type"))
	}
}

func TestTheNameAndTypeOfRawBytesAreKeptIfTheyCanBeRead(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for i, c := range []struct {
		contentType, disposition string
		wantType, wantName       any
	}{
		{"", "", nil, nil}, {"text/html; charset=utf-8", "attachment", "text/html; charset=utf-8", nil},
		{"image/png", `attachment; filename="a b\".png"`, "image/png", `a b".png`},
		{"", `attachment; filename*=UTF-8''%C3%B1and%C3%BA%20%E2%98%83.pdf`, nil, "ñandú ☃.pdf"},
		{"", `attachment; filename="plain.pdf"; filename*=UTF-8''%C3%B1.pdf`, nil, "ñ.pdf"},
		{"", `attachment; filename="ñ.pdf"`, nil, "ñ.pdf"}, {"", "attachment; filename=\"caf\xe9.pdf\"", nil, "café.pdf"},
		{"", `attachment; filename="../../etc/passwd"`, nil, "passwd"}, {"", `inline; filename="a\\b.txt"`, nil, "b.txt"},
		{"", `attachment; filename*=UTF-8''a%00%0D%0Ab.txt`, nil, "ab.txt"}, {"", `attachment; filename="/"`, nil, nil},
		{"", `attachment; filename=report.pdf`, nil, "report.pdf"}, {"", `filename=report.pdf`, nil, "report.pdf"}, {"", `attachment;filename = report 1.pdf ; size=5`, nil, "report 1.pdf"},
		{"", `attachment; filename=Lab, blood; May (2).pdf`, nil, "Lab, blood; May (2).pdf"}, {"", `attachment; filename="Lab, blood; x=5.pdf"; size=5`, nil, "Lab, blood; x=5.pdf"},
		{"", `attachment; filename=a,b;size=5`, nil, "a,b"}, {"", `attachment; filename="my "best" scan.pdf"; size=5`, nil, `my "best" scan.pdf`}, {"", `attachment; x=a,b; filename="a\"b\\c.pdf"`, nil, `c.pdf`},
		{"", `attachment; filename=informe médico.pdf`, nil, "informe médico.pdf"}, {"", "attachment; filename=m\xe9dico 1.pdf", nil, "médico 1.pdf"}, {"", `attachment; FileName=a b.pdf`, nil, "a b.pdf"},
		{"", `attachment; filename=a b.pdf; filename*=UTF-8''%C3%B1.pdf`, nil, "ñ.pdf"}, {"", `attachment; filename*=iso-8859-1'es'ma%F1ana%2C%20%C3%B1.pdf`, nil, "mañana, Ã±.pdf"},
		{"", `attachment; filename=a b.pdf; filename*=big5''%C3%B1.pdf`, nil, "a b.pdf"}, {"", `attachment; filename=a b.pdf; filename*=UTF-8''%C3%B.pdf`, nil, "a b.pdf"}, {"", `attachment; filename=a b; filename=c`, nil, "a b"},
		{"", `attachment; y=a,b; filename="Lab; x=5.pdf"; z=1`, nil, "Lab; x=5.pdf"}, {"", `attachment; filename*0="Lab "; filename*1=5.pdf`, nil, "Lab 5.pdf"},
		{"", `attachment; filename=..`, nil, nil}, {"", `attachment; filename="../.."`, nil, nil}, {"", `attachment; filename=" . "`, nil, nil}, {"", `attachment; filename*=UTF-8''..%2F..%2F%00..`, nil, nil},
		{"", `attachment; filename=C:\lab\a b.pdf`, nil, "a b.pdf"}, {"", `attachment; filename=.profile`, nil, ".profile"}, {"", `attachment; filename*=UTF-8''..%5Ca%E2%80%AEfdp.exe`, nil, "afdp.exe"},
		{"/;;", `;;filename`, nil, nil}, {"text/" + strings.Repeat("x", 300), "", nil, nil},
	} {
		t.Run(c.contentType, func(t *testing.T) {
			var headers []string
			if c.contentType != "" {
				headers = append(headers, "Content-Type", c.contentType)
			}
			if c.disposition != "" {
				headers = append(headers, "Content-Disposition", c.disposition)
			}
			data := h.data(h.DoWith(ana, http.MethodPost, birthDocs, strings.Repeat("x", i+1), headers...).Want(t, http.StatusCreated))
			if data["content_type"] != c.wantType || data["filename"] != c.wantName {
				t.Errorf("%s, %s: type %v, name %v", c.contentType, c.disposition, data["content_type"], data["filename"])
			}
		})
	}
}

func TestADocumentNeedsAPageOfThisBook(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for _, path := range []string{
		anaDocs + "/unknown", anaDocs + "/page-of-other-0001", "/personal_docs/FRAOTH001EUS/" + birthPage, "/personal_docs/NOBODY/" + birthPage,
		anaDocs + "/a%00b", anaDocs + "/%ff",
	} {
		h.Do(root, http.MethodPost, path, "bytes").WantError(t, http.StatusNotFound)
	}
	h.wantCount(t, "2")
}

func TestAnEmptyDocumentIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(ana, http.MethodPost, birthDocs, "").WantError(t, http.StatusUnprocessableEntity)
	h.UploadChunked(ana, birthDocs, strings.NewReader("")).WantError(t, http.StatusUnprocessableEntity)
	h.uploadForm(ana, birthDocs, documentPart("")).WantError(t, http.StatusUnprocessableEntity)
	h.wantCount(t, "2")
}
