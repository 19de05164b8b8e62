// SPDX-License-Identifier: GPL-3.0-or-later

package document

import (
	"mime"
	"net/http"

	"thalamus/internal/access"
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

// Store takes raw bytes, or a form with the parts "document" and "data", and stores them as a
// document of the page of the path. created is as store.DB.CreateDocument gives it.
func (in *Inbox) Store(r *http.Request, c *gate.Caller, db *store.DB) (key store.DocumentKey, stored fed.Stored, created bool, err error) {
	up, err := in.read(r, c)
	defer func() { up.discard() }()
	if err != nil {
		gate.TakeIn(r, in.maxDocument+in.maxRecord)
		return key, stored, false, err
	}

	document, err := up.document(r, c)
	if err != nil {
		return key, stored, false, err
	}

	by, err := c.Write(r, access.Document)
	if err != nil {
		return key, stored, false, err
	}

	key = document.Key
	key.ID, stored, created, err = db.CreateDocument(r.Context(), by, document)
	return key, stored, created, err
}

// read takes an upload in, which is to be discarded, also after an error.
func (in *Inbox) read(r *http.Request, c *gate.Caller) (up upload, err error) {
	mediaType, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	isForm, most := mediaType == "multipart/form-data", in.maxDocument
	if isForm {
		most += in.maxRecord + 3*maxFormOverhead
	}

	if r.ContentLength > most {
		return up, gate.TooLarge(r, in.maxDocument)
	}

	if isForm {
		up, err = in.readForm(r, c, params["boundary"])
	} else {
		up.data = fed.Record("{}")
		up.describe(r.Header.Get("Content-Type"), dispositionParams(r.Header.Get("Content-Disposition")))
		up.content, err = in.newSpool(r, c, r.Body, in.maxDocument)
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
	up.fileName = SanitizeFileName(params["filename"])

	_, _, err := mime.ParseMediaType(contentType)
	if err != nil || len(contentType) > fed.LongestID {
		return
	}
	up.contentType = contentType
}

// discard gives back what the upload holds.
func (up upload) discard() {
	up.content.discard()
	up.dataPart.discard()
}

// document checks the data of an upload against its bytes and the path, and fills in the rest.
func (up upload) document(r *http.Request, c *gate.Caller) (d store.Upload, err error) {
	sent := record.KeysOf(up.data)
	asked, err := queryID(r.URL.RawQuery)
	if err != nil {
		return d, err
	}

	id, named, err := documentID(asked, sent)
	if err != nil {
		return d, err
	}

	document := OfPath(c, id)
	if err := CheckPath(sent, document); err != nil {
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
