// SPDX-License-Identifier: GPL-3.0-or-later

package document

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// File is a document on its way out.
type File struct {
	ID       string
	Document store.Document
	Content  *store.DocumentReader
	Type     string // of its bytes, which a browser is told
	Inline   bool   // the browser may show it, and need not save it
}

func (f File) disposition() string {
	header := Attachment(FileName(f.Document.Data, f.ID))
	if f.Inline {
		return "inline" + strings.TrimPrefix(header, "attachment")
	}
	return header
}

// Send sends the bytes of a document, or ranges of them. Its headers keep a browser from running
// them, whatever they are. Conditions on the version are not its own to judge.
func Send(w http.ResponseWriter, r *http.Request, f File) error {
	header := w.Header()
	header.Set("Content-Type", f.Type)
	header.Set("Content-Disposition", f.disposition())
	Sandbox(header)
	header.Set("Repr-Digest", "sha-512=:"+base64.StdEncoding.EncodeToString(f.Document.SHA512)+":")
	out := &rangeWriter{MinRateWriter: gate.NewMinRateWriter(w)}
	r.Header.Del("If-Match") // the gate knows more spellings of a version than ServeContent does
	r.Header.Del("If-None-Match")
	http.ServeContent(out, r, "", time.Time{}, f.Content)

	if out.unsatisfiable {
		header.Set("Cache-Control", "no-store") // ServeContent has taken it away
		header.Set("Content-Range", fmt.Sprintf("bytes */%d", f.Document.Size))
		header.Del("Repr-Digest")
		return fed.Errorf(fed.BadRange, "The document has %d bytes; the range is outside.", f.Document.Size)
	}

	return f.Content.Err
}

// Sandbox keeps a browser from running what is sent, and from giving it to other sites.
func Sandbox(header http.Header) {
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// rangeWriter holds back http.ServeContent's reply to an unsatisfiable range; the handler writes
// its own.
type rangeWriter struct {
	*gate.MinRateWriter
	unsatisfiable bool
}

// WriteHeader is http.ResponseWriter's.
func (w *rangeWriter) WriteHeader(status int) {
	w.unsatisfiable = status == http.StatusRequestedRangeNotSatisfiable
	if !w.unsatisfiable {
		w.MinRateWriter.WriteHeader(status)
	}
}

// Write is http.ResponseWriter's.
func (w *rangeWriter) Write(p []byte) (int, error) {
	if w.unsatisfiable {
		return len(p), nil
	}
	return w.MinRateWriter.Write(p)
}

// PictureType gives the type of a picture that browsers show, as its bytes say; "" for all else.
func PictureType(d store.Document) string {
	switch found := http.DetectContentType(d.Start); found {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return found
	}
	return ""
}

const octetStream = "application/octet-stream"

// SafeType gives the type of pictures and PDF, which a browser shows without running them.
// Every other document is sent as octets; its own type is in data.content_type.
func SafeType(d store.Document) string {
	declared, _ := record.Text(record.KeysOf(d.Data).ContentType)
	if declared == "" {
		declared = http.DetectContentType(d.Start)
	}

	essence, _, _ := strings.Cut(declared, ";")
	essence = strings.ToLower(strings.TrimSpace(essence))
	switch essence {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf":
		return essence
	}

	return octetStream
}
