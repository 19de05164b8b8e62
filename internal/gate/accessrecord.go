// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/audit"
	"thalamus/internal/fed"
)

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

// accessRecord is what the access record is to say of a request of a known caller. The
// zero visit needs no line.
type accessRecord struct {
	recorder audit.Recorder
	row      *Row
	others   []string // whose records the reply shows besides those of the subject

	persons *audit.Persons // whom the first part of a list tells of; nil: it is no list
}

// startAccessRecord notes that a known caller has come to a row: from now on the reply is
// recorded, if it has to be.
func (g *Gate) startAccessRecord(row *Row, c *Caller) {
	if g.options.Record != nil && !impersonal(row.Endpoint) {
		c.event.accessRecord = accessRecord{recorder: g.options.Record, row: row}
	}
}

// isRead reports whether this is a read that has to be recorded, however it ends.
func (v *accessRecord) isRead() bool { return v.recorder != nil && v.row.Method == http.MethodGet }

// checkRecorder refuses a read while the record is broken, before anything is read. The
// line about that refusal is the next try to write it.
func (v *accessRecord) checkRecorder() error {
	if v.isRead() && v.recorder.Broken() {
		return errorOfRecorder(errors.New("the line before could not be written"))
	}
	return nil
}

// beginReply lets a reply of this status begin: in its time, and after its line is written. Of a write
// only a refusal has one here.
func (ev *event) beginReply(status int) bool {
	ev.timeout.stop()
	if v := &ev.accessRecord; ev.unrecorded == nil && (v.isRead() || v.recorder != nil && status == http.StatusForbidden) {
		ev.unrecorded = v.writeLines(&ev.caller, status)
	}
	if ev.unrecorded != nil {
		return false
	}
	ev.status = status
	return true
}

// MayShow reports whether a write's reply, which will have this status, may show
// what is stored: to who may read it, and with a line about it, unless it was created
// just now and so tells nobody anything new. What was written stays, so that without
// a line the reply is a success that shows nothing.
func (c *Caller) MayShow(status int, endpoint access.Endpoint) bool {
	if !c.May(http.MethodGet, endpoint) {
		return false
	}
	visit := &c.event.accessRecord
	if visit.recorder == nil || status == http.StatusCreated {
		return true
	}
	err := visit.writeLines(c, status)
	if err != nil {
		c.Note(err) // fail is not called
	}
	return err == nil
}

// RecordOthers notes that the reply shows records of these persons, too, each of whom
// gets a line of the access record.
func (c *Caller) RecordOthers(persons []string) { c.event.accessRecord.others = persons }

// RecordPersons notes that the next part of a list tells of these persons, before it is sent:
// with the line of the request, and if that is written already, with another one. After
// an error that part must not be sent.
func (c *Caller) RecordPersons(persons []string) error {
	return c.recordPersons(audit.Persons{IDs: persons})
}

// RecordEverybody is Gives for a list that tells of everybody, or may.
func (c *Caller) RecordEverybody() error { return c.recordPersons(audit.Persons{All: true}) }

func (c *Caller) recordPersons(persons audit.Persons) error {
	visit := &c.event.accessRecord
	if !visit.isRead() || c.event.method == http.MethodHead {
		return nil
	}
	if c.event.status == 0 {
		visit.persons = &persons
		return nil
	}
	if !persons.All && len(persons.IDs) == 0 {
		return nil
	}
	if err := visit.writeLine(c, c.event.status, c.Subject, &persons); err != nil {
		return errorOfRecorder(err)
	}
	return nil
}

// writeLines writes the line; of others, too, one about each. Of what is refused nobody was
// told.
func (v *accessRecord) writeLines(c *Caller, status int) error {
	persons := v.persons
	if status >= http.StatusMultipleChoices {
		persons = nil
	}
	err := v.writeLine(c, status, c.Subject, persons)
	for _, other := range v.others {
		if err == nil {
			err = v.writeLine(c, status, other, nil)
		}
	}
	if err != nil {
		return errorOfRecorder(err)
	}
	return nil
}

// writeLine writes the line about a person, or about nobody.
func (v *accessRecord) writeLine(c *Caller, status int, person string, persons *audit.Persons) error {
	line := audit.Line{
		Account: c.Account.ID, Roles: v.roles(c, status, person), Method: c.event.method, Endpoint: string(v.row.Endpoint),
		Person: person, Page: c.Param("page"), Document: c.Param("document"), Persons: persons,
		Status: status, Request: c.Request, Address: c.From,
	}
	return line.WriteTo(v.recorder)
}

// roles gives the roles that granted the access; of a refusal, all that the
// caller has.
func (v *accessRecord) roles(c *Caller, status int, person string) []string {
	if status == http.StatusForbidden {
		return c.Account.Roles
	}
	return c.policy.GrantingRoles(c.Account.Roles, v.row.Method, v.row.Endpoint, person == "" || person == c.Account.ID)
}

func errorOfRecorder(err error) error {
	return &fed.Error{Kind: fed.Unavailable, Msg: "Access must be recorded, and cannot be now. Try again.", Err: err}
}

// failUnrecorded answers in place of a reply that could not be recorded. Nothing
// of it was sent; what its headers say of the record is taken out.
func (g *Gate) failUnrecorded(ev *event, r *http.Request) {
	err := ev.unrecorded
	if err == nil {
		return
	}
	ev.unrecorded, ev.accessRecord = nil, accessRecord{}
	header := ev.Header()
	for name := range header {
		if !strings.HasPrefix(name, "Access-Control-") && !slices.Contains(neutralHeaders, name) {
			header.Del(name)
		}
	}
	header["Cache-Control"] = noStore
	g.fail(ev, r, err)
}

// neutralHeaders are set before anything is read.
var neutralHeaders = []string{"X-Request-Id", "X-Content-Type-Options", "Vary"}
