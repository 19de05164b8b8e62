// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"net/http"
	"strconv"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/web"
)

// JSONType is the Content-Type of all but documents, pages and streams.
const JSONType = "application/json"

// ReadRecord reads the body as one JSON object, whatever its Content-Type says.
func (c *Caller) ReadRecord(r *http.Request) (fed.Record, error) {
	text, err := c.readBody(r, c.gate.options.MaxBody)
	if err != nil {
		return nil, err
	}
	if err := c.Hold().Take(r.Context(), int64(len(text))); err != nil { // for the copy on the way to the database
		return nil, err
	}

	return record.Read(text, c.Limits())
}

// Write gives the store's part of a request that changes a record of the endpoint. A caller
// who may delete a record may also use its id again.
func (c *Caller) Write(r *http.Request, endpoint access.Endpoint) (fed.Write, error) {
	w, err := preconditions(r)
	if err != nil {
		return w, err
	}

	w.Account, w.Request, w.Spelled = c.Account.ID, c.Request, c.Spelled
	w.Administrators = c.policy.Administrators()
	w.Recreate = r.Method == http.MethodPost && c.May(http.MethodDelete, endpoint)
	w.Grown = func(bytes int64) { c.event.growth.added += bytes }
	return w, c.reserveGrowth(r, endpoint)
}

// Patch answers a PATCH with the record that change makes of the stored one.
func (c *Caller) Patch(w http.ResponseWriter, r *http.Request, endpoint access.Endpoint, change func(by fed.Write, patch fed.Record) (fed.Stored, error)) error {
	patch, err := c.ReadRecord(r)
	if err != nil {
		return err
	}

	by, err := c.Write(r, endpoint)
	if err != nil {
		return err
	}

	stored, err := change(by, patch)
	if err != nil {
		return err
	}

	return c.Confirm(w, http.StatusOK, endpoint, stored)
}

// Delete answers a DELETE. remove deletes the record.
func (c *Caller) Delete(w http.ResponseWriter, r *http.Request, endpoint access.Endpoint, remove func(by fed.Write) error) error {
	by, err := c.Write(r, endpoint)
	if err != nil {
		return err
	}
	if err := remove(by); err != nil {
		return err
	}

	w.WriteHeader(http.StatusNoContent)
	return nil
}

// Confirm answers a write: with the stored record if the caller may read it, and with its
// version in any case, for the caller's next If-Match.
func (c *Caller) Confirm(w http.ResponseWriter, status int, endpoint access.Endpoint, stored fed.Stored) error {
	if !c.MayShow(status, endpoint) {
		stored.Record = fed.Record("{}")
	}
	setVersion(w.Header(), stored.Version)
	Reply(w, status, JSONType, stored.Record)
	return nil
}

// ReplyStored answers a read with a record, unless the client has that version already.
func ReplyStored(w http.ResponseWriter, r *http.Request, stored fed.Stored) error {
	done, err := Unchanged(w, r, stored.Version)
	if err != nil || done {
		return err
	}
	Reply(w, http.StatusOK, JSONType, stored.Record)
	return nil
}

// Reply sends a whole reply. An error of it means that the client is gone.
func Reply(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	if len(body) > implicitLength {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}

	if status != http.StatusOK {
		w.WriteHeader(status)
	}

	if len(body) > FullPiece {
		w = NewMinRateWriter(w)
	}

	_, _ = w.Write(body)
}

// ReplyPage sends HTML that may run no script and be in no frame.
func ReplyPage(w http.ResponseWriter, status int, page []byte) {
	w.Header().Set("Content-Security-Policy", web.Policy)
	w.Header().Set("Referrer-Policy", "same-origin") // no-referrer would make our form's Origin "null"
	Reply(w, status, "text/html; charset=utf-8", page)
}
