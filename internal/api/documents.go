// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"thalamus/internal/access"
	docs "thalamus/internal/document"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/limit"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// documents has the handlers of documents.
type documents struct {
	db          *store.DB
	maxDocument int64         // bytes
	maxRecord   int64         // bytes of its data
	spoolBudget *limit.Budget // for documents on their way in
}

func newDocuments(o Options) *documents {
	return &documents{
		db: o.Store, maxDocument: o.Sizes.MaxDocument, maxRecord: o.Sizes.MaxBody,
		spoolBudget: limit.NewBudget(spoolCapacity*(o.Sizes.MaxDocument+o.Sizes.MaxBody), gate.MemoryTimeout),
	}
}

func documentKey(c *gate.Caller) store.DocumentKey {
	return store.DocumentKey{Person: c.Subject, Page: c.Param("page"), ID: c.Param("document")}
}

// getDocuments lists [fedacct, pol, data, document] of a person's documents, or
// of those of one page. document is the path of the bytes, or null.
func (h *documents) getDocuments(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	key := documentKey(c)
	location := []string{"personal_docs", key.Person}
	if key.Page != "" {
		location = append(location, key.Page)
	}

	part, err := gate.Unfiltered.Read(r, gate.PagingAt(c, location...))
	if err != nil {
		return err
	}

	return part.WriteList(w, r, func(l *gate.List) error {
		return h.db.For(c.Reader()).EachDocument(r.Context(), key.Person, key.Page, part.Keyset(w), l, func(e store.DocumentEntry) error {
			text, err := docs.EntryText(c, e)
			if err != nil {
				return err
			}
			return l.Add(text)
		})
	})
}

// getDocument sends the bytes of a document, or ranges of them. Its headers keep a
// browser from running them, whatever they are.
func (h *documents) getDocument(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	key := documentKey(c)
	document, err := h.db.For(c.Reader()).Document(r.Context(), key)
	if err != nil {
		return err
	}
	if done, err := gate.Unchanged(w, r, document.Version); err != nil || done {
		return err
	}

	header := w.Header()
	header.Set("Content-Type", safeType(document))
	header.Set("Content-Disposition", docs.Attachment(docs.FileName(document.Data, key.ID)))
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Repr-Digest", "sha-512=:"+base64.StdEncoding.EncodeToString(document.SHA512)+":")
	content := h.db.For(c.Reader()).OpenDocument(r.Context(), key, document, readRanges(r, document.Size))
	out := &rangeWriter{MinRateWriter: gate.NewMinRateWriter(w)}
	http.ServeContent(out, r, "", time.Time{}, content)

	if out.unsatisfiable {
		header.Set("Cache-Control", "no-store") // ServeContent has taken it away
		header.Set("Content-Range", fmt.Sprintf("bytes */%d", document.Size))
		header.Del("Repr-Digest")
		return fed.Errorf(fed.BadRange, "The document has %d bytes; the range is outside.", document.Size)
	}

	return content.Err
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

const octetStream = "application/octet-stream"

// safeType gives the type of pictures and PDF, which a browser shows without running them.
// Every other document is sent as octets; its own type is in data.content_type.
func safeType(d store.Document) string {
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

func (h *documents) patchDocument(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return c.Patch(w, r, access.Document, func(by fed.Write, patch fed.Record) (fed.Stored, error) {
		if err := checkDocumentPath(record.KeysOf(patch), c); err != nil {
			return fed.Stored{}, err
		}
		return h.db.ChangeDocument(r.Context(), by, documentKey(c), patch)
	})
}

// checkDocumentPath refuses data that names another document than the path.
func checkDocumentPath(sent record.Keys, c *gate.Caller) error {
	if err := checkRepeated("id", sent.ID, c.Param("document")); err != nil {
		return err
	}
	return checkPagePath(sent, documentOfPath(c, c.Param("document")))
}

// documentOfPath is the document of this id on the page of the path.
func documentOfPath(c *gate.Caller, id string) record.Document {
	return record.Document{ID: id, Page: c.Param("page"), Persons: []string{c.Subject, c.Spelled}}
}

// checkPagePath refuses data that names another person or page than the path.
func checkPagePath(sent record.Keys, document record.Document) error {
	if key := document.Mismatch(sent); key != "" {
		return pathMismatch(key)
	}
	return nil
}

func (h *documents) deleteDocument(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return c.Delete(w, r, access.Document, func(by fed.Write) error {
		return h.db.DeleteDocument(r.Context(), by, documentKey(c))
	})
}
