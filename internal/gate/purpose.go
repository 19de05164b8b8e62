// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"context"
	"net/http"
	"slices"

	"thalamus/internal/audit"
	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// purposeHeader says for which purpose a caller reads: it is recorded, and nothing more.
const purposeHeader = "Purpose-Of-Use"

// readPurpose takes what a request says of its purpose.
func (ev *event) readPurpose(r *http.Request) error {
	said := r.Header[purposeHeader]
	if len(said) == 0 {
		return nil
	}

	if len(said) > 1 || !fed.IsPurpose(said[0]) {
		return fed.Errorf(fed.Invalid, "%s must be one of the codes of PurposeOfUse in HL7 v3, as TREAT.", purposeHeader)
	}
	ev.purpose = said[0]
	return nil
}

// purpose is that of a line of the access record: of who reads because of acting for the person, whatever the request says.
func (v *accessRecord) purpose(c *Caller, of accessed) string {
	if c.Acts && of.person == c.Subject {
		return fed.FamilyRequest
	}
	return c.event.purpose
}

// openings gives those of the persons of whom a line of the access record is. Where no records are given it is
// enough what this server has heard: there may be no database then.
func (v *accessRecord) openings(c *Caller, of accessed, status int) (found []fed.Opening, err error) {
	openings := c.gate.options.Openings
	if openings == nil || of.person == "" && of.persons == nil {
		return nil, nil
	}

	found, err = openings(c.event, store.OpeningQuery{
		Account: c.Account.ID, Person: of.person, Begun: c.event.started, Heard: of.person == c.Account.ID || status >= http.StatusBadRequest,
	})
	return slices.DeleteFunc(found, func(o fed.Opening) bool { return !of.has(o.Person) }), err
}

// has reports whether a line is about a person, or may be.
func (a *accessed) has(person string) bool {
	return a.person == person || a.persons != nil && (a.persons.All || slices.Contains(a.persons.IDs, person))
}

// without leaves out of a list who has a line of the own.
func without(persons *audit.Persons, openings []fed.Opening) *audit.Persons {
	if persons == nil || len(openings) == 0 {
		return persons
	}

	opened := func(person string) bool {
		return slices.ContainsFunc(openings, func(o fed.Opening) bool { return o.Person == person })
	}
	return &audit.Persons{All: persons.All, IDs: slices.DeleteFunc(slices.Clone(persons.IDs), opened)}
}

// InEmergency reports whether the caller has opened the book of the request's person in an emergency.
func InEmergency(ctx context.Context, c *Caller) (bool, error) {
	openings := c.gate.options.Openings
	if openings == nil || c.Own || c.Subject == "" {
		return false, nil
	}

	open, err := openings(ctx, store.OpeningQuery{Account: c.Account.ID, Person: c.Subject, Begun: c.event.started})
	return slices.ContainsFunc(open, func(o fed.Opening) bool { return o.Person == c.Subject }), err
}
