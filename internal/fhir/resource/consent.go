// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"strings"
	"time"
)

// Statement is what was said about who may read a person's book.
type Statement struct {
	ID, Patient string
	Scope       string // *, or page:, domain: or type: and what of it; page alone is not told which
	Who         string // *, or account: or institution: and its id
	Effect      string // deny; anything else permits
	Account     string // who said so; "": not told
	Said        time.Time
	Until       time.Time // zero: for good
	Ended       time.Time // taken back; zero: it was not
}

// Systems of a Consent.
const (
	consentScope  = terminology + "consentscope"
	actCode       = terminology + "v3-ActCode"
	bookScope     = "urn:gnuhealth:scope"
	privacyScheme = "patient-privacy"
)

// Consent gives a statement. One that has ended by itself is inactive, too.
func Consent(s Statement, now time.Time) Resource {
	return Resource{Type: "Consent", ID: ID(s.ID), When: Period{s.Said, s.Said.Add(time.Microsecond)}, from: &origin{Record: s.Record(now)}, fill: func(w *writer) {
		w.identifier("urn:gnuhealth:consent", s.ID)
		w.code("status", s.status(now))
		w.concept("scope", []Coding{{consentScope, privacyScheme, "Privacy Consent"}}, "")
		w.list("category", func() { w.concept("", []Coding{{loinc, "59284-0", "Consent Document"}}, "") })
		w.object("patient", func() {
			w.code("reference", "Patient/"+ID(s.Patient))
			w.object("identifier", func() { w.identify(Federation, s.Patient) })
		})
		w.instant("dateTime", s.Said)
		w.list("performer", func() { s.writePerformer(w) })
		w.concept("policyRule", []Coding{{actCode, "OPTIN", "opt-in"}}, "")
		w.object("provision", func() { s.writeProvision(w) })
	}}
}

// Record is the statement as what is stored: it has another version once it has ended.
func (s Statement) Record(now time.Time) Record {
	switch {
	case !s.Ended.IsZero():
		return Record{ID: s.ID, Version: 3, Changed: s.Ended}
	case s.status(now) == "active":
		return Record{ID: s.ID, Version: 1, Changed: s.Said}
	default:
		return Record{ID: s.ID, Version: 2, Changed: s.Until}
	}
}

func (s Statement) status(now time.Time) string {
	if !s.Ended.IsZero() || !s.Until.IsZero() && !s.Until.After(now) {
		return "inactive"
	}
	return "active"
}

func (s Statement) writePerformer(w *writer) {
	if s.Account == "" {
		return
	}
	w.object("", func() {
		if s.Account == s.Patient {
			w.code("reference", "Patient/"+ID(s.Patient))
		}
		w.object("identifier", func() { w.identify(Federation, s.Account) })
	})
}

func (s Statement) writeProvision(w *writer) {
	effect, end := "permit", s.Until
	if s.Effect == "deny" {
		effect = "deny"
	}
	if !s.Ended.IsZero() {
		end = s.Ended
	}

	w.code("type", effect)
	w.object("period", func() {
		w.instant("start", s.Said)
		w.instant("end", end)
	})
	w.list("actor", func() { s.writeActor(w) })
	kind, of, _ := strings.Cut(s.Scope, ":")
	switch {
	case kind == "page" && of != "":
		w.list("data", func() {
			w.object("", func() {
				w.code("meaning", "instance")
				w.object("reference", func() { w.object("identifier", func() { w.identify(pageSystem, of) }) })
			})
		})
	case kind != "*": // page alone is one that is withheld from the reader
		w.list("code", func() { w.concept("", localScope(s.Scope), s.Scope) })
	}
}

// localScope gives a scope as a code, if it has the form of one.
func localScope(scope string) []Coding {
	if !codeForm.MatchString(scope) {
		return nil
	}
	return []Coding{{System: bookScope, Code: scope}}
}

// writeActor appends whom it is about, unless that is everybody. Who acts for the patient has another part than a reader.
func (s Statement) writeActor(w *writer) {
	kind, id, _ := strings.Cut(s.Who, ":")
	if kind == "*" {
		return
	}

	role := Coding{participation, "IRCP", "information recipient"}
	if s.Effect == "act" {
		role = Coding{terminology + "v3-RoleCode", "RESPRSN", "responsible party"}
	}
	w.object("", func() {
		w.concept("role", []Coding{role}, "")
		w.object("reference", func() {
			if kind == "institution" {
				w.code("reference", "Organization/"+ID(id))
				w.object("identifier", func() { w.identify(InstitutionSystem, id) })
				return
			}
			w.object("identifier", func() { w.identify(Federation, id) })
		})
	})
}
