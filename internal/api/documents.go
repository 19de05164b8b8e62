// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"

	"thalamus/internal/access"
	docs "thalamus/internal/document"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// documents has the handlers of documents.
type documents struct {
	db    *store.DB
	inbox *docs.Inbox
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

	content := h.db.For(c.Reader()).OpenDocument(r.Context(), key, document, docs.ReadRanges(r, document.Size))
	return docs.Send(w, r, docs.File{ID: key.ID, Document: document, Content: content, Type: docs.SafeType(document)})
}

// postDocument takes raw bytes, or a form with the parts "document" and "data".
func (h *documents) postDocument(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	key, stored, isNew, err := h.inbox.Store(r, c, h.db)
	if err != nil {
		return err
	}

	location := c.Path("personal_docs", key.Person, key.Page, key.ID)
	return c.Confirm(w, createdStatus(w, isNew, location), access.Document, stored)
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
	return docs.CheckPath(sent, docs.OfPath(c, c.Param("document")))
}

func (h *documents) deleteDocument(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return c.Delete(w, r, access.Document, func(by fed.Write) error {
		return h.db.DeleteDocument(r.Context(), by, documentKey(c))
	})
}
