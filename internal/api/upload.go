// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"errors"
	"io"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// upload is what a client sends to be kept as a document.
type upload struct {
	content     *spool
	dataPart    *spool     // the part data of a form; nil when there is none
	data        fed.Record // what it says about it; {} when it says nothing
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
	if err == nil && up.content.size == 0 {
		err = fed.Errorf(fed.Invalid, "The document is empty.")
	}
	return up, err
}

// maxFormOverhead is how many bytes may stand before the parts document and data of a form,
// between them and behind: what parts say of themselves, and other fields.
const maxFormOverhead = 1 << 20

var errFormOverhead = fed.Errorf(fed.TooLarge, "The form has more than %d bytes beside its parts document and data.", maxFormOverhead)

// formBody is the body of a form. Without its boundary a form would be read for ever.
type formBody struct {
	io.Reader
	remaining int64 // bytes until it is refused
}

// Read is io.Reader's.
func (b *formBody) Read(p []byte) (int, error) {
	if b.remaining <= 0 {
		return 0, errFormOverhead
	}
	n, err := b.Reader.Read(p[:min(int64(len(p)), b.remaining)])
	b.remaining -= int64(n)
	return n, err
}

// readForm takes the parts of a form as they come. Fields that nobody asked for are left
// aside: some libraries add their own.
func (h *documents) readForm(r *http.Request, c *gate.Caller, boundary string) (up upload, err error) {
	if boundary == "" {
		return up, formError(http.ErrMissingBoundary)
	}
	body := &formBody{Reader: r.Body, remaining: maxFormOverhead}
	parts := multipart.NewReader(body, boundary)
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF { // wrapped, it is a form that has no end
			break
		}
		if errors.Is(err, errFormOverhead) {
			return up, errFormOverhead
		}
		if err != nil {
			return up, formError(err)
		}
		said := dispositionParams(part.Header.Get("Content-Disposition"))
		if name := said["name"]; name != "document" && name != "data" {
			continue
		}
		body.remaining = math.MaxInt64 // a part is bounded by itself
		if err := h.readPart(r, c, &up, part, said); err != nil {
			return up, err
		}
		body.remaining = maxFormOverhead
	}
	return h.finishForm(r, c, up)
}

// finishForm looks at what is there when the form has ended.
func (h *documents) finishForm(r *http.Request, c *gate.Caller, up upload) (upload, error) {
	if up.content == nil {
		return up, fed.Errorf(fed.Invalid, "The form has no part document.")
	}
	up.data = fed.Record("{}")
	if up.dataPart == nil {
		return up, nil
	}
	data, err := h.readDataPart(r, c, up.dataPart)
	up.data = data
	return up, err
}

// readPart takes the parts document and data; each may come once.
func (h *documents) readPart(r *http.Request, c *gate.Caller, up *upload, part *multipart.Part, said map[string]string) (err error) {
	switch name := said["name"]; {
	case name == "document" && up.content == nil:
		up.describe(part.Header.Get("Content-Type"), said)
		up.content, err = h.newSpool(r, c, part, h.maxDocument)
	case name == "data" && up.dataPart == nil:
		if up.dataPart, err = h.newSpool(r, c, part, h.maxRecord); err == nil {
			_, err = h.readDataPart(r, c, up.dataPart)
			c.Hold().Release() // the document may take half an hour to arrive
		}
	default:
		err = fed.Errorf(fed.Invalid, "The form has the parts document and data, each once.")
	}
	return err
}

// readDataPart reads the part data of a form.
func (h *documents) readDataPart(r *http.Request, c *gate.Caller, said *spool) (fed.Record, error) {
	text, err := c.ReadWhole(r, said, h.maxRecord)
	if err != nil {
		return nil, err
	}
	if err := said.rewind(); err != nil {
		return nil, err
	}
	return record.Read(text, c.Limits())
}

// describe notes the type, if it can be read, and the name of a disposition.
func (up *upload) describe(contentType string, said map[string]string) {
	if _, _, err := mime.ParseMediaType(contentType); err == nil && len(contentType) <= fed.LongestID {
		up.contentType = contentType
	}
	up.fileName = sanitizeFileName(said["filename"])
}

// newDocument checks what the client says about the bytes and fills in the rest.
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

var idParameter = []gate.Rule{{Name: "id", Sentence: "The query must be readable, with one id at most."}}

// queryID gives the id that the query asks for, or "". A query that cannot be
// read whole may have asked for one.
func queryID(text string) (string, error) {
	query, err := url.ParseQuery(text)
	if err != nil || len(query["id"]) > 1 {
		return "", fed.Errorf(fed.Invalid, "%s", idParameter[0].Sentence)
	}
	return query.Get("id"), nil
}

// documentID takes the id from the query or from data, or makes one.
func documentID(query string, sent record.Keys) (id string, named bool, err error) {
	if !record.IsNull(sent.ID) {
		id, _ = record.Text(sent.ID)
		if id == "" || query != "" && query != id {
			return "", false, fed.Errorf(fed.Invalid, "The document's id must be a text, the same wherever it stands.")
		}
		query = id
	}
	if query == "" {
		return uuid.NewString(), false, nil
	}
	return query, true, record.CheckNewID(query)
}
