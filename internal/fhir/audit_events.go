// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"strconv"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// auditEvents answers for the accesses that are in the index of the access record.
type auditEvents struct {
	*Face
	search parameters[auditQuery]
}

// auditQuery is what a search of accesses asks for: those to a person, or those of an account.
type auditQuery struct {
	gate.Paging
	zone     *time.Location
	from, to time.Time
	toPerson bool
	ofAgent  bool
}

const (
	agentRule     = "must be the one account whose accesses are asked for: an id, or Patient/ and an id."
	auditDateRule = "must be a time (2024-05-01T10:11:12Z) or a date, with one of eq gt lt ge le sa eb before it."
	auditSubject  = "A search of AuditEvent needs one of the parameters patient, entity and agent, and not agent besides another one."
	accessNotKept = "This hub writes its access record to where it cannot be asked; its administrator can tell who has read what."
)

func auditParameters() parameters[auditQuery] {
	person := func(q *auditQuery, _ string) bool { q.toPerson = true; return true } // it is the request's subject, as the agent is
	return parameters[auditQuery]{
		{"patient", "reference", definition("AuditEvent-patient"), patientRule, person},
		{"entity", "reference", definition("AuditEvent-entity"), patientRule, person},
		{"agent", "reference", definition("AuditEvent-agent"), agentRule, func(q *auditQuery, _ string) bool { q.ofAgent = true; return true }},
		{"date", "date", definition("AuditEvent-date"), auditDateRule, (*auditQuery).readDate},
		{Name: "_count", Rule: countRule, Read: func(q *auditQuery, value string) bool { return readCount(&q.Paging, value) }},
		{Name: afterName, Rule: afterRule, Read: func(q *auditQuery, value string) bool { return q.ReadAfter(value) }},
	}
}

func (q *auditQuery) readDate(value string) bool {
	return readInterval(value, q.zone, &q.from, &q.to)
}

func (f *auditEvents) rows() kind {
	const name = "AuditEvent"
	find := f.findNamed(auditSubject, "patient", "entity", "agent")
	return kind{name, ofPatient(find, searches("/fhir/"+name, access.Access, f.list)), f.search.described()}
}

// list answers with accesses, the newest first.
func (f *auditEvents) list(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q := auditQuery{zone: f.Zone, Paging: gate.PagingAt(c, "fhir", "AuditEvent", c.Subject)}
	used, err := f.search.read(r, &q)
	if err != nil {
		return err
	}
	if q.toPerson && q.ofAgent {
		return fed.Errorf(fed.Malformed, "%s", auditSubject)
	}
	if !c.AccessIndexed() {
		return fed.Errorf(fed.NotFound, "%s", accessNotKept)
	}

	auditor := c.Reach(http.MethodGet, access.Access) == access.AllRecords
	if q.ofAgent && !auditor {
		return fed.Errorf(fed.Forbidden, "Your roles do not allow this: what an account has read is for auditors.")
	}

	b := newBundle(r, c, "searchset", "AuditEvent")
	b.used = used
	keyset, err := q.keyset(b)
	if err != nil {
		return err
	}
	return b.write(w, r, c, func() error {
		if q.ofAgent {
			b.list.OfPersons()
		}
		return orNotFound(f.Store.For(c.Reader()).Accesses(r.Context(), q.accesses(c.Subject), keyset, b, func(a store.Access) error {
			return q.add(b, c.Subject, a, auditor)
		}))
	})
}

func (q *auditQuery) keyset(b *bundle) (part store.Keyset[store.AccessKey], err error) {
	part.Limit, part.More = q.Limit, func(last store.AccessKey) { b.setNext(q.Cursor(last.Format())) }
	if q.After == nil {
		return part, nil
	}

	after, ok := store.ParseAccessKey(*q.After)
	if !ok {
		return part, wrongAfter()
	}
	part.After = &after
	return part, nil
}

func (q *auditQuery) accesses(subject string) store.AccessQuery {
	if q.ofAgent {
		return store.AccessQuery{Account: subject, From: q.from, To: q.to}
	}
	return store.AccessQuery{Person: subject, From: q.from, To: q.to}
}

// add adds an access. Only an auditor is told whose list had the person, and from which address and in which
// request it was asked for.
func (q *auditQuery) add(b *bundle, subject string, a store.Access, auditor bool) error {
	event := resource.Access{
		ID: strconv.FormatInt(a.Time.UnixMicro(), 10) + "-" + strconv.FormatInt(a.Seq, 10), Time: a.Time,
		Account: a.Account, Name: a.Name, Roles: a.Roles, Method: a.Method, Endpoint: a.Endpoint,
		Page: a.Page, Document: a.Document, Way: string(a.Way), Status: a.Status,
		Purpose: a.Purpose, Emergency: a.Emergency,
	}
	if auditor {
		event.Person, event.Request, event.Address = a.Person, a.Request, a.Address
	}
	if q.ofAgent && a.Person != "" {
		return b.addOf(a.Person, resource.AuditEvent(event))
	}
	if q.ofAgent {
		return b.add(resource.AuditEvent(event))
	}

	event.Patient = subject
	if event.Person == subject {
		event.Person = ""
	}
	return b.add(resource.AuditEvent(event))
}
