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

// impersonal reports whether the records of an endpoint are about no person. Every other
// endpoint is recorded, so that a new one cannot be forgotten.
func impersonal(endpoint access.Endpoint) bool {
	switch endpoint {
	case access.Public, access.SignedIn, access.Login,
		access.DomiciliaryUnits, access.DomiciliaryUnit, access.Institutions, access.Institution, access.Statistics:
		return true
	default:
		return false
	}
}

// accessRecord holds the lines of the access record about a request of a known caller. The
// zero accessRecord needs no line.
type accessRecord struct {
	recorder audit.Recorder
	row      *Row
	besides  []access.Endpoint // of the subject's records that the reply shows, besides the row's
	others   []string          // persons whose records the reply shows, besides the subject

	persons *audit.Persons // in the first part of a list; nil: it is no list
}

// startAccessRecord has the reply to a known caller recorded from now on, if the row has to
// be.
func (g *Gate) startAccessRecord(row *Row, c *Caller) {
	if g.options.Record != nil && !impersonal(row.Endpoint) {
		c.event.accessRecord = accessRecord{recorder: g.options.Record, row: row, besides: slices.Clone(row.Besides)}
	}
}

// RecordRead has the access record say that the reply shows records of the subject, of an endpoint
// that is not the row's. A reply has one line, with the first endpoint. After an error the records must
// not be shown.
func (c *Caller) RecordRead(endpoint access.Endpoint) error {
	if c.event.accessRecord.recorder == nil {
		c.gate.startAccessRecord(&Row{Method: http.MethodGet, Endpoint: endpoint}, c)
	}
	return c.event.accessRecord.checkRecorder()
}

// ReadsBesides reports whether the caller may read the subject's records of one more endpoint. Then the
// access record says that the reply shows them.
func ReadsBesides(c *Caller, endpoint access.Endpoint) bool {
	if !c.May(http.MethodGet, endpoint) {
		return false
	}
	c.event.accessRecord.besides = append(c.event.accessRecord.besides, endpoint)
	return true
}

// isRead reports whether this is a read that has to be recorded, however it ends.
func (v *accessRecord) isRead() bool { return v.recorder != nil && v.row.reads() }

// checkRecorder refuses a read while the record is broken, before anything is read. The
// line about that refusal is the next try to write it.
func (v *accessRecord) checkRecorder() error {
	if v.isRead() && v.recorder.Broken() {
		return errorOfRecorder(errors.New("the line before could not be written"))
	}
	return nil
}

// beginReply lets a reply of this status begin: before the timeout, and after the writer is noted and
// the line is written. Of writes only a refusal has a line here.
func (ev *event) beginReply(status int) bool {
	ev.timeout.stop()
	ev.noteWriter()

	if ev.unrecorded == nil && ev.accessRecord.needs(status) {
		ev.unrecorded = ev.accessRecord.writeLines(&ev.caller, status)
	}

	if ev.unrecorded != nil {
		return false
	}

	ev.status = status
	return true
}

// needs reports whether a reply of this status is recorded before it begins.
func (v *accessRecord) needs(status int) bool {
	return v.isRead() || v.recorder != nil && status == http.StatusForbidden
}

// MayShow reports whether a write's reply, which will have this status, may show the stored
// record: to a caller who may read it, and with a line about it. A record that was created
// just now needs no line, for the caller knows it. The write stays, so without a line the
// reply is a success that shows nothing.
func (c *Caller) MayShow(status int, endpoint access.Endpoint) bool {
	if !c.May(http.MethodGet, endpoint) {
		return false
	}

	v := &c.event.accessRecord
	if v.recorder == nil || status == http.StatusCreated {
		return true
	}

	if err := v.writeLines(c, status); err != nil {
		c.Note(err) // fail is not called
		return false
	}

	return true
}

// RecordBefore writes the line of the request before it changes anything. After an error it must change nothing.
func RecordBefore(c *Caller) error {
	v := &c.event.accessRecord
	if v.recorder == nil {
		return nil
	}
	return v.writeLines(c, http.StatusOK)
}

// AccessIndexed reports whether the lines of the access record are found again by person.
func (c *Caller) AccessIndexed() bool {
	recorder := c.gate.options.Record
	return recorder != nil && recorder.Indexed()
}

// RecordOthers writes a line of the access record about each of these persons, too, whose
// records the reply shows.
func (c *Caller) RecordOthers(persons []string) { c.event.accessRecord.others = persons }

// RecordPersons has the access record name the persons in the next part of a list, before
// the part is sent: in the line of the request, and if that is written already, in another
// one. After an error the part must not be sent.
func (c *Caller) RecordPersons(persons []string) error {
	return c.recordPersons(audit.Persons{IDs: persons})
}

// RecordEverybody is RecordPersons for a list that has everybody, or may have.
func (c *Caller) RecordEverybody() error { return c.recordPersons(audit.Persons{All: true}) }

func (c *Caller) recordPersons(persons audit.Persons) error {
	v := &c.event.accessRecord
	if !v.isRead() || c.event.method == http.MethodHead {
		return nil
	}
	if c.event.status == 0 {
		v.persons = &persons
		return nil
	}
	if !persons.All && len(persons.IDs) == 0 {
		return nil
	}
	return v.writeLine(c, accessed{v.row.Endpoint, c.Subject, &persons}, c.event.status)
}

// accessed says of whom a line of the access record is, and what of them is read or written.
type accessed struct {
	endpoint access.Endpoint
	person   string // "": nobody
	persons  *audit.Persons
}

// writeLines writes the line of the request, and one about each of the others. A refused
// list names no persons.
func (v *accessRecord) writeLines(c *Caller, status int) error {
	persons := v.persons
	if status >= http.StatusMultipleChoices {
		persons = nil
	}

	lines := []accessed{{v.row.Endpoint, c.Subject, persons}}
	for _, endpoint := range v.besides {
		lines = append(lines, accessed{endpoint: endpoint, person: c.Subject})
	}
	for _, other := range v.others {
		lines = append(lines, accessed{endpoint: v.row.Endpoint, person: other})
	}

	for _, line := range lines {
		if err := v.writeLine(c, line, status); err != nil {
			return err
		}
	}

	return nil
}

// writeLine writes a line, and one of its own about each person of a list whose book the caller has open.
func (v *accessRecord) writeLine(c *Caller, of accessed, status int) error {
	openings, err := v.openings(c, of, status)
	if err != nil {
		return err
	}

	line := audit.Line{
		Account: c.Account.ID, Roles: v.roles(c, of, status), Method: c.event.method, Endpoint: string(of.endpoint),
		Person: of.person, Page: c.Param("page"), Document: c.Param("document"), Persons: without(of.persons, openings),
		Status: status, Request: c.Request, Address: c.From, Purpose: v.purpose(c, of),
	}
	for _, open := range openings {
		one := line
		one.Person, one.Purpose, one.Emergency = open.Person, fed.EmergencyTreatment, open.Emergency
		if open.Person == of.person {
			line = one
			continue
		}

		one.Persons = nil
		if err := one.WriteTo(v.recorder); err != nil {
			return errorOfRecorder(err)
		}
	}

	if err := line.WriteTo(v.recorder); err != nil {
		return errorOfRecorder(err)
	}
	return nil
}

// roles gives the roles that granted the access; of a refusal, all of the caller's.
func (v *accessRecord) roles(c *Caller, of accessed, status int) []string {
	if status == http.StatusForbidden {
		return c.Account.Roles
	}
	return c.policy.GrantingRoles(c.Account.Roles, v.row.granted(), of.endpoint, of.person == c.Account.ID || of.person == "" && c.Own || of.person == c.Subject && c.Acts)
}

func errorOfRecorder(err error) error {
	return &fed.Error{Kind: fed.Unavailable, Msg: "Access must be recorded, and cannot be now. Try again.", Err: err}
}

// failUnrecorded answers in place of a reply that could not be recorded. Nothing of that
// was sent; its headers about the record are removed.
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
