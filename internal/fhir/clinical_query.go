// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"strconv"
	"strings"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
)

// clinicalQuery is what a search of a person's book asks for. Of each condition one of the values has to
// fit.
type clinicalQuery struct {
	gate.Paging
	zone       *time.Location
	codes      [][]token
	categories [][]token
	dates      [][]dateCondition
	types      []string  // nil: all
	since      time.Time // of the last change
	sorted     bool      // by date; pages always are
	descending bool
}

const (
	patientRule = "must be the one Patient whom the search is about: an id, or Patient/ and an id."
	codeRule    = "must be a code, or a system, | and a code."
	maxCount    = 1000
)

var countRule = "must be a whole number from 1 to " + strconv.Itoa(maxCount) + "."

// readPatient reads a reference to a Patient of this server.
func readPatient(value, base string) (resource.Name, bool) {
	return resource.ReadID(strings.TrimPrefix(strings.TrimPrefix(value, base), "Patient/"))
}

// clinicalParameters are those of all types that are made of pages; others are of one type only.
func clinicalParameters(kind string, others ...parameter[clinicalQuery]) parameters[clinicalQuery] {
	patient := func(*clinicalQuery, string) bool { return true } // it is the request's subject
	all := parameters[clinicalQuery]{
		{"patient", "reference", definition("clinical-patient"), patientRule, patient},
		{"subject", "reference", definition(kind + "-subject"), patientRule, patient},
	}
	return append(append(all, others...), countOfBook, afterOfBook)
}

// The parameters of a part of a person's records.
var (
	countOfBook = parameter[clinicalQuery]{Name: "_count", Rule: countRule, Read: func(q *clinicalQuery, value string) bool { return readCount(&q.Paging, value) }}
	afterOfBook = parameter[clinicalQuery]{Name: afterName, Rule: afterRule, Read: func(q *clinicalQuery, value string) bool { return q.ReadAfter(value) }}
)

var sortParameter = parameter[clinicalQuery]{Name: "_sort", Rule: "must be date or -date.", Read: (*clinicalQuery).readSort}

// afterName is the parameter of a cursor.
const (
	afterName = "_after"
	afterRule = "must be what the next link of another Bundle of this search has there."
)

func wrongAfter() error { return fed.Errorf(fed.Malformed, "%s %s", afterName, afterRule) }

func codeParameter(name, of string) parameter[clinicalQuery] {
	return parameter[clinicalQuery]{name, "token", definition(of), codeRule, func(q *clinicalQuery, value string) bool {
		tokens, ok := readTokens(value)
		q.codes = append(q.codes, tokens)
		return ok
	}}
}

func categoryParameter(of string) parameter[clinicalQuery] {
	return parameter[clinicalQuery]{"category", "token", definition(of), codeRule, func(q *clinicalQuery, value string) bool {
		tokens, ok := readTokens(value)
		q.categories = append(q.categories, tokens)
		return ok
	}}
}

func dateParameter(name, of string) parameter[clinicalQuery] {
	return parameter[clinicalQuery]{name, "date", definition(of), dateRule, func(q *clinicalQuery, value string) bool {
		dates, ok := readDates(value, q.zone)
		q.dates = append(q.dates, dates)
		return ok
	}}
}

func (q *clinicalQuery) readSort(value string) bool {
	q.sorted, q.descending = true, value == "-date"
	return q.descending || value == "date"
}

func readCount(p *gate.Paging, value string) bool {
	number, err := strconv.ParseUint(value, 10, 16)
	p.Limit = int(number)
	return err == nil && 1 <= number && number <= maxCount
}

// fits reports whether a resource is what is asked for.
func (q *clinicalQuery) fits(one resource.Resource) bool {
	changed := one.Changed()
	if !q.wants(one.Type) || changed.Before(q.since) && !changed.IsZero() {
		return false
	}

	for _, tokens := range q.codes {
		if !fitsAny(tokens, one.Codes) {
			return false
		}
	}
	for _, tokens := range q.categories {
		if !fitsAny(tokens, one.Categories) {
			return false
		}
	}
	for _, dates := range q.dates {
		if !fitsDate(dates, one.When) {
			return false
		}
	}
	return true
}
