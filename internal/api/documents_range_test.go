// SPDX-License-Identifier: GPL-3.0-or-later

package api_test

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestARangeOfADocument(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := h.store("digits", "0123456789", `{}`)
	for ranges, want := range map[string][2]string{
		"bytes=2-4": {"234", "bytes 2-4/10"}, "Bytes=0-0": {"0", "bytes 0-0/10"}, "bytes=7-": {"789", "bytes 7-9/10"},
		"bytes=-3": {"789", "bytes 7-9/10"}, "bytes=-30": {"0123456789", "bytes 0-9/10"}, "bytes=8-100": {"89", "bytes 8-9/10"},
	} {
		t.Run(ranges, func(t *testing.T) {
			a := h.DoWith(ana, http.MethodGet, path, "", "Range", ranges).Want(t, http.StatusPartialContent)
			if got := [2]string{a.Text, a.Header.Get("Content-Range")}; got != want {
				t.Errorf("%s gave %q, want %q", ranges, got, want)
			}
			if a.Header.Get("Content-Security-Policy") == "" || a.Header.Get("Content-Disposition") == "" {
				t.Errorf("%s: a part of a document is sent without what protects its reader: %v", ranges, a.Header)
			}
		})
	}
}

func TestSeveralRangesOfADocument(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := h.store("digits", "0123456789", `{"content_type": "text/html"}`)
	a := h.DoWith(ana, http.MethodGet, path, "", "Range", "bytes=0-1,8-9").Want(t, http.StatusPartialContent)
	kind, params, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if kind != "multipart/byteranges" {
		t.Fatalf("got %s", kind)
	}
	var got []string
	parts := multipart.NewReader(strings.NewReader(a.Text), params["boundary"])
	for part, err := parts.NextPart(); err == nil; part, err = parts.NextPart() {
		text, _ := io.ReadAll(part)
		got = append(got, part.Header.Get("Content-Type")+" "+part.Header.Get("Content-Range")+" "+string(text))
	}
	want := []string{"application/octet-stream bytes 0-1/10 01", "application/octet-stream bytes 8-9/10 89"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestARangeOutsideADocumentIsOurErrorWithTheSize(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := h.store("digits", "0123456789", `{}`)
	for _, ranges := range []string{"bytes=10-", "bytes=99-100", "bytes=5-2", "bytes=x"} {
		a := h.DoWith(ana, http.MethodGet, path, "", "Range", ranges)
		a.WantError(t, http.StatusRequestedRangeNotSatisfiable)
		for name, want := range map[string]string{
			"Content-Range": "bytes */10", "Cache-Control": "no-store", "ETag": "", "Content-Disposition": "", "Repr-Digest": "",
		} {
			t.Run(name, func(t *testing.T) {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", ranges, name, got, want)
				}
			})
		}
	}
}

// A part of another version would spoil what the reader has already; units
// other than bytes mean nothing here.
func TestARangeThatCannotBeJudgedGivesTheWholeDocument(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := h.store("digits", "0123456789", `{}`)
	for _, headers := range [][]string{
		{"Range", "bytes=2-4", "If-Range", `"2"`}, {"Range", "bytes=2-4", "If-Range", `W/"1"`}, {"Range", "bytes=2-4", "If-Range", "Wed, 21 Oct 2015 07:28:00 GMT"},
		{"Range", "lines=1-2"},
	} {
		if got := h.DoWith(ana, http.MethodGet, path, "", headers...).Want(t, http.StatusOK).Text; got != "0123456789" {
			t.Errorf("%v gave %q", headers, got)
		}
	}
}

func TestARangeOfTheVersionThatTheReaderHasIsAPart(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path := h.store("digits", "0123456789", `{}`)
	a := h.DoWith(ana, http.MethodGet, path, "", "Range", "bytes=2-4", "If-Range", `"1"`).Want(t, http.StatusPartialContent)
	if a.Text != "234" || a.Header.Get("ETag") != `"1"` {
		t.Errorf("got %q of version %s", a.Text, a.Header.Get("ETag"))
	}
	h.DB.Exec(`UPDATE personal_docs SET document = '9876543210' WHERE id = 'digits'`)
	a = h.DoWith(ana, http.MethodGet, path, "", "Range", "bytes=2-4", "If-Range", `"1"`).Want(t, http.StatusOK)
	if a.Text != "9876543210" || a.Header.Get("ETag") != `"2"` {
		t.Errorf("got %q of version %s", a.Text, a.Header.Get("ETag"))
	}
}
