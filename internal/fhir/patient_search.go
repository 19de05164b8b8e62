// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"net/http"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/fhir/resource"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// defaultCount is how many resources a page has that are not all about one person, when a search does
// not say.
const defaultCount = 100

// patientQuery is what a search of persons asks for.
type patientQuery struct {
	idQuery
	filter store.PersonFilter
	zone   *time.Location
}

var patientParameters = append(parameters[patientQuery]{
	{"name", "string", definition("Patient-name"), stringRule, nameReader("name", "lastname")},
	{"family", "string", definition("individual-family"), stringRule, nameReader("lastname")},
	{"given", "string", definition("individual-given"), stringRule, nameReader("name")},
	{"birthdate", "date", definition("individual-birthdate"), birthRule, func(q *patientQuery, value string) bool {
		bounds, ok := readBirth(value)
		q.filter.Births = append(q.filter.Births, bounds...)
		return ok
	}},
	{"gender", "token", definition("individual-gender"), "must be male, female, other or unknown.", (*patientQuery).readGender},
	{"active", "token", definition("Patient-active"), "must be true or false.", (*patientQuery).readActive},
	{"_lastUpdated", "date", definition("Resource-lastUpdated"), lastUpdatedRule, (*patientQuery).readLastUpdated},
}, idParameters(resource.Federation, "Patient-identifier", func(q *patientQuery) *idQuery { return &q.idQuery })...)

const (
	stringRule      = "must be the beginning of a word of it, or several with commas between them."
	birthRule       = "must be a date (1990-10-04), a month or a year, with one of eq gt lt ge le sa eb before it."
	lastUpdatedRule = "must be a time (2024-05-01T10:11:12Z) or a date, with one of eq gt lt ge le sa eb before it."
)

func nameReader(keys ...string) func(*patientQuery, string) bool {
	return func(q *patientQuery, value string) bool {
		q.filter.Names = append(q.filter.Names, store.NamePrefix{Keys: keys, Texts: readStrings(value)})
		return true
	}
}

func (q *patientQuery) readGender(value string) bool {
	tokens, ok := readTokens(value)
	genders := []string{}
	for _, one := range tokens {
		of := resource.Genders(one.code)
		ok = ok && of != nil && (one.anySystem || one.system == genderSystem)
		genders = append(genders, of...)
	}
	q.filter.Genders = intersect(q.filter.Genders, genders)
	return ok
}

const genderSystem = "http://hl7.org/fhir/administrative-gender"

func (q *patientQuery) readActive(value string) bool {
	active := value == "true"
	if q.filter.Active != nil && *q.filter.Active != active {
		q.filter.IDs = []string{} // nobody is both
	}
	q.filter.Active = &active
	return active || value == "false"
}

func (q *patientQuery) readLastUpdated(value string) bool {
	return readInterval(value, q.zone, &q.filter.ChangedFrom, &q.filter.ChangedTo)
}

func (f *patients) list(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q := patientQuery{zone: f.Zone, idQuery: idQuery{Paging: gate.PagingAt(c, "fhir", "Patient")}}
	used, err := patientParameters.read(r, &q)
	if err != nil {
		return err
	}

	ids, err := q.stored(r.Context(), f.Store, fed.Person)
	if err != nil {
		return err
	}
	if q.filter.IDs == nil {
		q.filter.IDs = ids
	}

	if len(used) == 0 {
		if err := c.RecordEverybody(); err != nil {
			return err
		}
	}

	b := newBundle(r, c, "searchset", "Patient")
	b.used = used
	links := c.Reach(http.MethodGet, access.Person) == access.AllRecords
	return b.write(w, r, c, func() error {
		if len(used) > 0 {
			b.list.OfPersons()
		}
		return f.Store.For(c.Reader()).EachPersonRevision(r.Context(), q.filter, b.keyset(q.Paging), b, func(stored store.Revision) error {
			if !links {
				stored.Same = nil
			}
			return b.addOf(stored.ID, resource.Patient(recordOf(stored), stored.Same, f.Zone))
		})
	})
}
