// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
)

// everythingTypes are the types of which $everything has resources.
var everythingTypes = []string{"Patient", "Condition", "Immunization", "Procedure", "Observation", "DocumentReference"}

var everythingParameters = parameters[clinicalQuery]{
	{Name: "_since", Rule: "must be a time (2024-05-01T10:11:12Z) or a date.", Read: (*clinicalQuery).readSince},
	{Name: "_type", Rule: "must be one of " + strings.Join(everythingTypes, ", ") + ", or several with commas between them.", Read: (*clinicalQuery).readTypes},
	{Name: "start", Rule: periodRule, Read: func(q *clinicalQuery, value string) bool { return q.readBound("ge", value) }},
	{Name: "end", Rule: periodRule, Read: func(q *clinicalQuery, value string) bool { return q.readBound("le", value) }},
	countOfBook, afterOfBook,
}

const periodRule = "must be a date (2024-05-01), a month, a year or a time with its zone."

func (q *clinicalQuery) readSince(value string) bool {
	since, ok := readPeriod(value, q.zone)
	q.since = since.Begin
	return ok
}

func (q *clinicalQuery) readTypes(value string) bool {
	q.types = strings.Split(value, ",")
	return !slices.ContainsFunc(q.types, func(one string) bool { return !slices.Contains(everythingTypes, one) })
}

func (q *clinicalQuery) readBound(prefix, value string) bool {
	period, ok := readPeriod(value, q.zone)
	q.dates = append(q.dates, []dateCondition{{prefix, period}})
	return ok
}

// wants reports whether resources of a type are asked for.
func (q *clinicalQuery) wants(kind string) bool {
	return q.types == nil || slices.Contains(q.types, kind)
}

// everything is all that there is of a person: the Patient, the book, then the documents.
type everything struct {
	*results
	patients  *patients
	book      *bookSearch
	documents *documentSearch // nil: the caller may not read them
	stage     string          // of the resource that was given last, or where it begins
}

// The stages of a cursor.
const (
	stagePatient   = "patient"
	stageBook      = "book"
	stageDocuments = "documents"
)

// getEverything answers with it, in parts or as one Bundle.
func (f *patients) getEverything(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q := clinicalQuery{zone: f.Zone, Paging: gate.PagingAt(c, "fhir", "Patient", c.Subject, "$everything")}
	used, err := everythingParameters.read(r, &q)
	if err != nil {
		return err
	}

	all, err := newResults(r, c, q, newBundle(r, c, "searchset", "Patient/"+resource.ID(c.Subject)+"/$everything"))
	if err != nil {
		return err
	}

	all.used = used
	e := &everything{results: all, patients: f, book: &bookSearch{Face: f.Face, results: all, of: (*resource.Page).Resources}}
	if q.wants("DocumentReference") && gate.ReadsBesides(c, access.PersonalDocs) {
		e.documents = &documentSearch{documents: &documents{Face: f.Face}, results: all}
	}
	if q.After != nil {
		if err := e.resume(*q.After); err != nil {
			return err
		}
	}

	return e.write(w, r, c, func() error { return e.run(r, c) })
}

// resume goes on where a cursor says.
func (e *everything) resume(cursor string) (err error) {
	stage, rest, _ := strings.Cut(cursor, " ")
	e.stage = stage
	switch stage {
	case stagePatient:
		return nil
	case stageBook:
		e.book.from, err = parsePlace(false, rest)
		return err
	case stageDocuments:
		if e.documents != nil {
			return e.documents.goOn(rest)
		}
		return nil
	}
	return wrongAfter()
}

// cursor is the place of what was given last.
func (e *everything) cursor() string {
	switch e.stage {
	case stageBook:
		return stageBook + " " + e.book.last.format(false)
	case stageDocuments:
		return stageDocuments + " " + e.documents.cursor()
	}
	return stagePatient
}

func (e *everything) run(r *http.Request, c *gate.Caller) error {
	begun := e.stage
	if begun == "" {
		if err := e.addPatient(r, c); err != nil {
			return err
		}
	}
	if begun != stageDocuments {
		if err := e.runStage(stageBook, func() error { return e.book.run(r, c) }); err != nil {
			return err
		}
	}
	if e.documents != nil {
		if err := e.runStage(stageDocuments, func() error { return e.documents.run(r, c) }); err != nil {
			return err
		}
	}

	e.linkNext(e.cursor)
	return nil
}

// runStage runs a stage, if there is need of one, and notes whether that gave the last resource.
func (e *everything) runStage(stage string, run func() error) error {
	before := e.given
	if e.more {
		return nil
	}

	err := run()
	if e.given > before {
		e.stage = stage
	}
	return err
}

// addPatient adds the person, at no date of care.
func (e *everything) addPatient(r *http.Request, c *gate.Caller) error {
	one, stored, err := e.patients.find(r, c)
	if err != nil || !e.q.wants("Patient") || stored.Changed.Before(e.q.since) && !stored.Changed.IsZero() {
		return err
	}

	e.given++
	e.stage = stagePatient
	return e.add(one)
}
