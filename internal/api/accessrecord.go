// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fed"
)

// Recorder keeps the access record: who has read what of whom, and who was
// refused.
type Recorder interface {
	// Write adds one line, whole, and has it out of this process before it returns.
	Write(line []byte) (int, error)
	// Broken reports whether the last line could not be written.
	Broken() bool
}

// impersonal reports whether an endpoint tells nothing about persons. Every other
// one is recorded, so that a new one cannot be forgotten.
func impersonal(endpoint access.Endpoint) bool {
	switch endpoint {
	case access.Public, access.Login,
		access.DomiciliaryUnits, access.DomiciliaryUnit, access.Institutions, access.Institution:
		return true
	}
	return false
}

// visit is what the access record is to say of a request of a known caller. The
// zero visit needs no line.
type visit struct {
	record   Recorder
	policy   *access.Policy
	request  *http.Request
	endpoint access.Endpoint
	method   string   // of the row: HEAD is GET
	subject  string   // whom the feed is asked about
	others   []string // whose records the reply shows besides those of the path's person
	instead  string   // the one of them that a line is about
}

// visits notes that a known caller has come to a row: from now on the reply is
// recorded, if it has to be.
func (s *Server) visits(row route, r *http.Request) {
	if s.Record != nil && !impersonal(row.endpoint) {
		eventOf(r).visit = visit{
			record: s.Record, policy: s.policy.Load(),
			request: r, endpoint: row.endpoint, method: row.method,
		}
	}
}

// reads reports whether this is a read that has to be recorded, however it ends.
func (v *visit) reads() bool { return v.record != nil && v.method == http.MethodGet }

// mayRead refuses a read while the record is broken, before anything is read. The
// line about that refusal is the next try to write it.
func (v *visit) mayRead() error {
	if v.reads() && v.record.Broken() {
		return unrecorded(errors.New("the line before could not be written"))
	}
	return nil
}

// begin lets a reply of this status begin: after its line is written. Of a write
// only a refusal has one here.
func (ev *event) begin(status int) bool {
	if v := &ev.visit; ev.unrecorded == nil && (v.reads() || v.record != nil && status == http.StatusForbidden) {
		ev.unrecorded = v.write(ev, status)
	}
	if ev.unrecorded != nil {
		return false
	}
	ev.status = status
	return true
}

// shows reports whether a write's reply, which will have this status, may show
// what is stored: to who may read it, and with a line about it, unless it was created
// just now and so tells nobody anything new. What was written stays, so that without
// a line the reply is a success that shows nothing.
func (s *Server) shows(r *http.Request, status int, endpoint access.Endpoint) bool {
	if !s.may(r, http.MethodGet, endpoint) {
		return false
	}
	ev := eventOf(r)
	if ev.visit.record == nil || status == http.StatusCreated {
		return true
	}
	err := ev.visit.write(ev, status)
	if err != nil {
		ev.err = err // for the log; fail is not called
	}
	return err == nil
}

// write writes the line; of others, too, one about each.
func (v *visit) write(ev *event, status int) error {
	buffer, _ := recordLines.Get().(*[]byte)
	defer recordLines.Put(buffer)
	*buffer = v.line((*buffer)[:0], ev, status)
	_, err := v.record.Write(*buffer)
	for _, v.instead = range v.others {
		if err == nil {
			*buffer = v.line((*buffer)[:0], ev, status)
			_, err = v.record.Write(*buffer)
		}
	}
	v.instead = ""
	if err != nil {
		return unrecorded(err)
	}
	return nil
}

func unrecorded(err error) error {
	return &fed.Error{Kind: fed.Unavailable, Msg: "Access must be recorded, and cannot be now. Try again.", Err: err}
}

// failUnrecorded answers in place of a reply that could not be recorded. Nothing
// of it was sent; what its headers say of the record is taken out.
func (s *Server) failUnrecorded(ev *event, r *http.Request) {
	err := ev.unrecorded
	if err == nil {
		return
	}
	ev.unrecorded, ev.visit = nil, visit{}
	header := ev.Header()
	for name := range header {
		if !strings.HasPrefix(name, "Access-Control-") && !slices.Contains(neutralHeaders, name) {
			header.Del(name)
		}
	}
	header["Cache-Control"] = noStore
	s.fail(ev, r, err)
}

// neutralHeaders are set before anything is read.
var neutralHeaders = []string{"X-Request-Id", "X-Content-Type-Options", "Vary"}
