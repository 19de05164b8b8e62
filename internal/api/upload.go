// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"mime"
	"net/http"

	"thalamus/internal/access"
	docs "thalamus/internal/document"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// upload is a document as a client sends it.
type upload struct {
	content     *spool
	dataPart    *spool     // the part data of a form; nil when there is none
	data        fed.Record // about the document; {} if nothing was sent
	contentType string     // as sent, or ""
	fileName    string     // without directories, or ""
}

// postDocument takes raw bytes, or a form with the parts "document" and "data".
func (h *documents) postDocument(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	up, err := h.readUpload(r, c)
	defer up.content.discard()
	defer up.dataPart.discard()
	if err != nil {
		gate.TakeIn(r, h.maxDocument+h.maxRecord)
		return err
	}

	document, err := newDocument(r, c, up)
	if err != nil {
		return err
	}

	by, err := c.Write(r, access.Document)
	if err != nil {
		return err
	}

	id, stored, isNew, err := h.db.CreateDocument(r.Context(), by, document)
	if err != nil {
		return err
	}

	location := c.Path("personal_docs", document.Key.Person, document.Key.Page, id)
	return c.Confirm(w, createdStatus(w, isNew, location), access.Document, stored)
}

func (h *documents) readUpload(r *http.Request, c *gate.Caller) (up upload, err error) {
	mediaType, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	isForm, most := mediaType == "multipart/form-data", h.maxDocument
	if isForm {
		most += h.maxRecord + 3*maxFormOverhead
	}

	if r.ContentLength > most {
		return up, gate.TooLarge(r, h.maxDocument)
	}

	if isForm {
		up, err = h.readForm(r, c, params["boundary"])
	} else {
		up.data = fed.Record("{}")
		up.describe(r.Header.Get("Content-Type"), dispositionParams(r.Header.Get("Content-Disposition")))
		up.content, err = h.newSpool(r, c, r.Body, h.maxDocument)
	}

	if err != nil {
		return up, err
	}
	if up.content.size == 0 {
		return up, fed.Errorf(fed.Invalid, "The document is empty.")
	}
	return up, nil
}

// describe keeps the file name of a disposition, and a content type that can be parsed.
func (up *upload) describe(contentType string, params map[string]string) {
	up.fileName = docs.SanitizeFileName(params["filename"])

	_, _, err := mime.ParseMediaType(contentType)
	if err != nil || len(contentType) > fed.LongestID {
		return
	}
	up.contentType = contentType
}

// newDocument checks the data of an upload against its bytes and path, and fills in the rest.
func newDocument(r *http.Request, c *gate.Caller, up upload) (d store.Upload, err error) {
	sent := record.KeysOf(up.data)
	asked, err := queryID(r.URL.RawQuery)
	if err != nil {
		return d, err
	}

	id, named, err := documentID(asked, sent)
	if err != nil {
		return d, err
	}

	document := documentOfPath(c, id)
	if err := checkPagePath(sent, document); err != nil {
		return d, err
	}

	var filled record.Overrides
	document.Fill(&filled)
	if !record.FillHash(sent, up.content.sum, &filled) {
		return d, fed.Errorf(fed.Invalid, "hash is not the SHA-512 of the document, in hexadecimal.")
	}

	if sent.ContentType == nil && up.contentType != "" {
		filled.Set("content_type", up.contentType)
	}

	if sent.FileName == nil && up.fileName != "" {
		filled.Set("filename", up.fileName)
	}

	return store.Upload{
		Key: store.DocumentKey{Person: c.Subject, Page: document.Page, ID: id}, Named: named, Data: up.data, Filled: filled.Record(),
		Content: up.content, Size: up.content.size, SHA512: up.content.sum,
	}, nil
}
