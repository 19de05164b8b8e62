// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// consents answers for what was said about who may read a book.
type consents struct {
	*Face
	search parameters[consentQuery]
}

// consentQuery is the part of the statements that is asked for.
type consentQuery struct{ gate.Paging }

func consentParameters() parameters[consentQuery] {
	return parameters[consentQuery]{
		{"patient", "reference", definition("clinical-patient"), patientRule, func(*consentQuery, string) bool { return true }}, // it is the request's subject
		{Name: "_count", Rule: countRule, Read: func(q *consentQuery, value string) bool { return readCount(&q.Paging, value) }},
		{Name: afterName, Rule: afterRule, Read: func(q *consentQuery, value string) bool { return q.ReadAfter(value) }},
	}
}

func (f *consents) rows() kind {
	const name = "Consent"
	find := f.findNamed("A search of Consent needs the parameter patient.", "patient")
	rows := append(ofPatient(find, searches("/fhir/"+name, access.Consents, f.list)),
		about(f.findConsent, get("/fhir/"+name+"/{consent}", access.Consents, read(f.get))),
	)
	return kind{name, rows, f.search.described()}
}

// findConsent finds the person of the statement of the path.
func (f *consents) findConsent(_ http.ResponseWriter, r *http.Request, c *gate.Caller) (person string, err error) {
	name, ok := resource.ReadID(c.Param("consent"))
	if !ok {
		return "", nil
	}
	c.SetParam("consent", name.ID)
	return f.Store.ConsentOwner(r.Context(), name.ID)
}

func (f *consents) get(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	said, err := store.Consents(f.Store.For(c.Reader())).Get(r.Context(), c.Subject, c.Param("consent"))
	if err != nil {
		return orNotFound(err)
	}

	one, now := statementOf(said), time.Now()
	return reply(w, r, one.Record(now), resource.Consent(one, now))
}

// list answers with all that was said for a person, the earliest first.
func (f *consents) list(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q := consentQuery{gate.PagingAt(c, "fhir", "Consent", c.Subject)}
	used, err := f.search.read(r, &q)
	if err != nil {
		return err
	}

	b := newBundle(r, c, "searchset", "Consent")
	b.used = used
	return b.write(w, r, c, func() error {
		return store.Consents(f.Store.For(c.Reader())).Each(r.Context(), c.Subject, b.keyset(q.Paging), func(said store.Statement) error {
			return b.add(resource.Consent(statementOf(said), time.Now()))
		})
	})
}

func statementOf(s store.Statement) resource.Statement {
	one := resource.Statement{ID: s.ID, Patient: s.Person, Scope: s.Scope, Who: s.Who, Effect: s.Effect, Said: s.Time}
	if s.Account != nil {
		one.Account = *s.Account
	}
	if s.Until != nil {
		one.Until = *s.Until
	}
	if s.Ended != nil {
		one.Ended = *s.Ended
	}
	return one
}
