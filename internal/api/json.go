// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"

	"thalamus/internal/fed"
)

const jsonType = "application/json"

// readRecord reads the body as one JSON object, whatever its Content-Type says.
func (s *Server) readRecord(r *http.Request) (fed.Record, error) {
	text, err := readAll(r, s.MaxBody)
	if err != nil {
		return nil, err
	}
	return fed.ReadRecord(text, s.limits())
}

// limits are those of a record.
func (s *Server) limits() fed.Limits { return fed.Limits{Bytes: s.MaxBody, Elements: s.MaxElements} }

// readAll reads a body of at most limit bytes.
func readAll(r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, tooLarge(r, limit)
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if int64(len(text)) > limit {
		return nil, tooLarge(r, limit)
	}
	return text, nil
}

// takeIn reads the rest of a refused body that is not far too large: many clients
// read no reply before they have sent everything.
func takeIn(r *http.Request, limit int64) {
	if patience := 4 * limit; r.ContentLength <= patience && r.Header.Get("Expect") == "" {
		_, _ = io.CopyN(io.Discard, r.Body, patience)
	}
}

func tooLarge(r *http.Request, limit int64) error {
	takeIn(r, limit)
	return fed.Errorf(fed.TooLarge, "The body is larger than %d bytes.", limit)
}

// unreadable says what is wrong with a body that does not arrive.
func unreadable(err error) error {
	sentence := "The body cannot be read."
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		sentence = "The body ended before its end."
	case errors.Is(err, os.ErrDeadlineExceeded):
		sentence = "The body took too long to arrive."
	}
	return &fed.Error{Kind: fed.Malformed, Msg: sentence, Err: err}
}

// created gives the status of a creation, and says where it is; of a repeated one, too,
// whose first answer may have been lost.
func created(w http.ResponseWriter, isNew bool, location string) int {
	w.Header().Set("Location", location)
	if !isNew {
		return http.StatusOK
	}
	return http.StatusCreated
}

// fill makes the record of the keys that the server sets.
func fill(keys map[string]any) (fed.Record, error) {
	return json.Marshal(keys)
}
