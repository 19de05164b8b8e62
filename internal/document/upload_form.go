// SPDX-License-Identifier: GPL-3.0-or-later

package document

import (
	"errors"
	"io"
	"math"
	"mime/multipart"
	"net/http"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
)

// maxFormOverhead limits the bytes of a form before, between and after its parts document and
// data, each time: headers of parts and other fields.
const maxFormOverhead = 1 << 20

var errFormOverhead = fed.Errorf(fed.TooLarge, "The form has more than %d bytes beside its parts document and data.", maxFormOverhead)

// formBody is the body of a form. Its limit ends a form whose boundary never comes.
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

// readForm reads the parts of a form as they come. It skips fields with other names: some
// libraries add their own.
func (in *Inbox) readForm(r *http.Request, c *gate.Caller, boundary string) (up upload, err error) {
	if boundary == "" {
		return up, gate.UnreadableForm(http.ErrMissingBoundary)
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
			return up, gate.UnreadableForm(err)
		}

		params := dispositionParams(part.Header.Get("Content-Disposition"))
		if name := params["name"]; name != "document" && name != "data" {
			continue
		}

		body.remaining = math.MaxInt64 // a part is bounded by itself
		if err := in.readPart(r, c, &up, part, params); err != nil {
			return up, err
		}

		body.remaining = maxFormOverhead
	}

	return in.finishForm(r, c, up)
}

// finishForm checks that the parts of a form that has ended are complete.
func (in *Inbox) finishForm(r *http.Request, c *gate.Caller, up upload) (upload, error) {
	if up.content == nil {
		return up, fed.Errorf(fed.Invalid, "The form has no part document.")
	}

	up.data = fed.Record("{}")
	if up.dataPart == nil {
		return up, nil
	}

	data, err := in.readDataPart(r, c, up.dataPart)
	up.data = data
	return up, err
}

// readPart reads a part document or data into a spool; each may come once.
func (in *Inbox) readPart(r *http.Request, c *gate.Caller, up *upload, part *multipart.Part, params map[string]string) (err error) {
	switch name := params["name"]; {
	case name == "document" && up.content == nil:
		up.describe(part.Header.Get("Content-Type"), params)
		up.content, err = in.newSpool(r, c, part, in.maxDocument)
	case name == "data" && up.dataPart == nil:
		up.dataPart, err = in.newSpool(r, c, part, in.maxRecord)
		if err != nil {
			return err
		}

		_, err = in.readDataPart(r, c, up.dataPart)
		c.Hold().Release() // the document may take half an hour to arrive
	default:
		return fed.Errorf(fed.Invalid, "The form has the parts document and data, each once.")
	}
	return err
}

// readDataPart reads the part data of a form.
func (in *Inbox) readDataPart(r *http.Request, c *gate.Caller, dataPart *spool) (fed.Record, error) {
	text, err := c.ReadWhole(r, dataPart, in.maxRecord)
	if err != nil {
		return nil, err
	}
	if err := dataPart.rewind(); err != nil {
		return nil, err
	}
	return record.Read(text, c.Limits())
}
