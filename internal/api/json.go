// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"

	"thalamus/internal/fed"
	"thalamus/internal/limit"
	"thalamus/internal/record"
)

const jsonType = "application/json"

// readRecord reads the body as one JSON object, whatever its Content-Type says.
func (s *Server) readRecord(r *http.Request) (fed.Record, error) {
	text, err := s.readBody(r, s.MaxBody)
	if err != nil {
		return nil, err
	}
	if err := s.hold(r).Take(r.Context(), int64(len(text))); err != nil { // for its copy on the way to the database
		return nil, err
	}
	return record.Read(text, s.limits())
}

// limits are those of a record.
func (s *Server) limits() record.Limits {
	return record.Limits{Noun: "body", Bytes: s.MaxBody, Elements: s.MaxElements}
}

// hold is the memory that a request has.
func (s *Server) hold(r *http.Request) *limit.Hold {
	ev := eventOf(r)
	if ev.memory == nil {
		ev.memory = s.memory.Open(ev.account.ID)
	}
	return ev.memory
}

// readBody reads a body of at most so many bytes.
func (s *Server) readBody(r *http.Request, most int64) ([]byte, error) {
	if r.ContentLength > most {
		return nil, tooLarge(r, most)
	}
	text, err := s.readWhole(r, r.Body, most)
	if err != nil {
		takeIn(r, most)
	}
	return text, err
}

// readWhole reads at most so many bytes. The memory for them is taken as they arrive:
// a client that says how many there will be has not sent them.
func (s *Server) readWhole(r *http.Request, source io.Reader, most int64) (text []byte, err error) {
	const first = 2 << 10
	hold := s.hold(r)
	for err == nil {
		if len(text) == cap(text) {
			room := min(max(2*int64(cap(text)), first), most+1)
			if err := hold.Take(r.Context(), room-int64(cap(text))); err != nil {
				hold.Release()
				return nil, err
			}
			text = append(make([]byte, 0, room), text...)
		}
		var n int
		n, err = source.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if int64(len(text)) > most {
			hold.Release()
			return nil, fed.Errorf(fed.TooLarge, "The body is larger than %d bytes.", most)
		}
	}
	if err != io.EOF {
		return nil, unreadable(err)
	}
	return text, nil
}

// takeIn reads the rest of a refused body that is not far too large, for a minute at
// most: many clients read no reply before they have sent everything.
func takeIn(r *http.Request, limit int64) {
	patience := 4 * limit
	if r.ContentLength > patience || r.Header.Get("Expect") != "" {
		return
	}
	if body, ok := r.Body.(*pacedBody); ok {
		body.hurry(bodyTime)
	}
	_, _ = io.CopyN(io.Discard, r.Body, patience)
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
