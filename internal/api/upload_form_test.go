// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAFormHasTheDocumentAndItsDataInEitherOrder(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for id, parts := range map[string][]part{
		"first":  {documentPart("bytes"), dataPart(`{"id": "first", "type": "scan", "n": 1}`)},
		"second": {dataPart(`{"id": "second", "type": "scan", "n": 1}`), documentPart("bytes")},
	} {
		t.Run(id, func(t *testing.T) {
			a := h.uploadForm(ana, birthDocs, parts...).Want(t, http.StatusCreated)
			want := map[string]any{
				"id": id, "fedacct": "ESPGNU777ORG", "pol": birthPage, "hash": hashOf("bytes"),
				"content_type": "image/png", "filename": "scan.png", "type": "scan", "n": 1.0,
			}
			if diff := cmp.Diff(want, h.data(a)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", id, diff)
			}
			if got := h.Do(ana, http.MethodGet, a.Header.Get("Location"), "").Want(t, http.StatusOK).Text; got != "bytes" {
				t.Errorf("%s came back as %q", id, got)
			}
		})
	}
}

func TestNameAndTypeInDataWin(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	a := h.uploadForm(ana, birthDocs, documentPart("bytes"), dataPart(`{"filename": "mine.pdf", "content_type": null}`)).Want(t, http.StatusCreated)
	if data := h.data(a); data["filename"] != "mine.pdf" || data["content_type"] != nil {
		t.Errorf("stored %v", data)
	}
}

func TestAFormWithoutDataIsADocumentAllTheSame(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	if data := h.data(h.uploadForm(ana, birthDocs, documentPart("bytes")).Want(t, http.StatusCreated)); data["filename"] != "scan.png" {
		t.Errorf("stored %v", data)
	}
}

func TestAFormWithoutItsPartsOrWithTwoOfOneIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	document, data := documentPart("bytes"), dataPart(`{}`)
	unknown := part{`form-data; name="file"; filename="x"`, "", "bytes"}
	for status, forms := range map[int][][]part{
		http.StatusUnprocessableEntity: {
			{}, {data}, {unknown}, {document, document}, {document, data, data}, {document, unknown, document}, {unknown, data, unknown},
			{part{`form-data`, "", "bytes"}}, {part{`form-data; name="Document"`, "", "bytes"}},
			{document, dataPart(`[]`)}, {document, dataPart(`"text"`)}, {document, dataPart(`null`)}, {document, dataPart(`{"a": "\u0000"}`)},
			{document, dataPart(`{"a": 1e131071}`)}, {document, dataPart(strings.Repeat(`{"a":`, 100_000))},
		},
		http.StatusBadRequest: {{document, dataPart(``)}, {document, dataPart(`{bad}`)}, {document, dataPart("{\"a\": \"\xff\"}")}},
	} {
		for i, parts := range forms {
			a := h.uploadForm(ana, birthDocs, parts...)
			a.WantError(t, status)
			if t.Failed() {
				t.Fatalf("form %d of status %d: %.300v", i, status, parts)
			}
		}
	}
	h.wantCount(t, "2")
}

func TestOtherFieldsOfAFormAreLeftAside(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	token, file, noName := part{`form-data; name="csrf"`, "", "x"}, part{`form-data; name=file; filename="x.png"`, "image/png", "\x00"}, part{`form-data`, "", "{}"}
	many := slices.Repeat([]part{token, noName}, 3000)
	for i, parts := range [][]part{
		{token, documentPart("a"), dataPart(`{"n": 1}`)}, {documentPart("b"), token, file, dataPart(`{"n": 1}`)}, {dataPart(`{"n": 1}`), documentPart("c"), noName},
		slices.Concat(many, []part{documentPart("d")}, many, []part{dataPart(`{"n": 1}`)}, many),
	} {
		data := h.data(h.uploadForm(ana, birthDocs, parts...).Want(t, http.StatusCreated))
		if data["n"] != 1.0 || data["filename"] != "scan.png" || data["hash"] != hashOf(string(rune('a'+i))) || data["csrf"] != nil {
			t.Errorf("form %d: stored %v", i, data)
		}
	}
	large := part{`form-data; name="more"`, "", strings.Repeat("x", 1<<20+8<<10)} // the bytes that were read ahead of it do not count
	for i, parts := range [][]part{{large, documentPart("e")}, {documentPart("e"), large}, {documentPart("e"), large, dataPart(`{}`)}, slices.Repeat(many, 10)} {
		if a := h.uploadForm(ana, birthDocs, parts...); a.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(a.Text, "1048576 bytes beside") {
			t.Errorf("large form %d: %d %s", i, a.StatusCode, a.Text)
		}
	}
	h.wantCount(t, "6")
}

// Some write names between no quotes.
func TestTheNameInAFormIsReadAsItIsMeant(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	for disposition, want := range map[string]string{
		`form-data; name=document; filename=Lab, blood; May.pdf`: "Lab, blood; May.pdf", `form-data; filename=mañana 1.pdf; name="document"`: "mañana 1.pdf",
		`form-data; name="document"; filename="a, b.pdf"`: "a, b.pdf", `form-data; name="document"; filename=x, y.pdf; filename*=UTF-8''%C3%B1.pdf`: "ñ.pdf",
	} {
		t.Run(disposition, func(t *testing.T) {
			a := h.uploadForm(ana, birthDocs, part{disposition, "", disposition}, part{`form-data; name=data; x=a b`, "", `{"n": 1}`}).Want(t, http.StatusCreated)
			if data := h.data(a); data["filename"] != want || data["n"] != 1.0 {
				t.Errorf("%s is stored as %v", disposition, data)
			}
		})
	}
}

func TestAFormThatEndsBeforeItsEndIsRefused(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	whole := form(dataPart(`{}`), documentPart("bytes"))
	next := strings.Index(whole, "\r\n--border\r\n")
	for _, cut := range []int{0, 5, len("--border\r\nContent-"), next, next + 10, next + 20, len(whole) - 20, len(whole) - 8} {
		a := h.DoWith(ana, http.MethodPost, birthDocs, whole[:cut], "Content-Type", formType)
		a.WantError(t, http.StatusBadRequest)
	}
	h.DoWith(ana, http.MethodPost, birthDocs, whole, "Content-Type", "multipart/form-data").WantError(t, http.StatusBadRequest)
	h.wantCount(t, "2")
}
