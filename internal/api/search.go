// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

const defaultSearchLimit = 20 // persons, when a search says no limit

// personSearch is what the query of GET /people asks for.
type personSearch struct {
	text   string // q; empty: all persons whom the filter lets through
	filter store.PersonFilter
	score  bool // persons are wrapped with their scores
	gate.Paging
}

// searchPeople answers with the persons that the query asks for.
func (h *people) searchPeople(w http.ResponseWriter, r *http.Request, c *gate.Caller, q personSearch) error {
	if q.text == "" {
		return h.filterPeople(w, r, c, q)
	}

	asked := store.Search{Text: q.text, Filter: q.filter, Limit: cmp.Or(q.Limit, defaultSearchLimit)}
	return c.WriteAsked(w, r, func(l *gate.List) error {
		l.OfPersons()
		return h.db.For(c.Reader()).SearchPersons(r.Context(), asked, l, func(id string, score float64, person fed.Record) error {
			if !q.score {
				return l.AddOf(id, []byte("["), person, []byte("]"))
			}
			number := strconv.AppendFloat([]byte(`[{"score":`), score, 'f', 4, 64)
			return l.AddOf(id, number, []byte(`,"person":`), person, []byte("}]"))
		})
	})
}

// filterPeople answers with the persons whom a filter lets through. The access record counts a
// list without a limit as a list of everybody, because its length is unknown when it begins.
func (h *people) filterPeople(w http.ResponseWriter, r *http.Request, c *gate.Caller, q personSearch) error {
	if q.Limit == 0 {
		if err := c.RecordEverybody(); err != nil {
			return err
		}
	}

	return q.WriteList(w, r, func(l *gate.List) error {
		if q.Limit > 0 {
			l.OfPersons()
		}
		return h.db.For(c.Reader()).EachPersonWith(r.Context(), q.filter, q.Keyset(w), l, func(id string, person fed.Record) error {
			return l.AddOf(id, []byte("["), person, []byte("]"))
		})
	})
}

// readSearch reads the query of GET /people.
func (h *people) readSearch(r *http.Request, c *gate.Caller) (personSearch, error) {
	q, err := h.searches.Read(r, personSearch{Paging: gate.PagingAt(c, "people")})
	switch {
	case err != nil:
	case q.score && q.text == "":
		err = fed.Errorf(fed.Invalid, "score goes with q only.")
	case q.After != nil && q.text != "":
		err = fed.Errorf(fed.Invalid, "after does not go with q: what fits best comes first, and no more.")
	}
	return q, err
}

// searchParameters are the parameters of GET /people; fields are the keys of persons that a
// search may compare.
func searchParameters(fields []string) gate.Parameters[personSearch] {
	all := []gate.Parameter[personSearch]{
		gate.NewParameter("q", textRule, (*personSearch).readText),
		gate.NewParameter("dob", dobRule, (*personSearch).readBirthDates).With(dobSchema),
		gate.NewParameter("active", "active"+boolRule, func(q *personSearch, value string) bool { return readBool(&q.filter.Active, value) }).With(boolSchema),
		gate.NewParameter("deceased", "deceased"+boolRule, func(q *personSearch, value string) bool { return readBool(&q.filter.Deceased, value) }).With(boolSchema),
		gate.NewParameter("score", "score must be 1.", func(q *personSearch, value string) bool {
			q.score = true
			return value == "1"
		}).With(gate.Enum("1")),
	}
	for _, field := range fields {
		all = append(all, fieldParameter(field))
	}

	return gate.Paged(func(q *personSearch) *gate.Paging { return &q.Paging }, all...)
}

const (
	dobRule   = "dob must be a day (1990-10-04), a month, a year (1990) or a range, the earlier first (1990..1992)."
	boolRule  = " must be true or false."
	exactRule = " must be the whole value that a record has."

	dobSchema  = `{"type": "string", "pattern": "^[0-9.-]+$", "examples": ["1985..1995"]}`
	boolSchema = `{"type": "boolean"}`
)

var textRule = fmt.Sprintf("q must have at most %d characters, and each of its words %d.", store.MaxSearchText, store.MaxSearchWord)

// fieldParameter compares a key of persons with a whole value.
func fieldParameter(field string) gate.Parameter[personSearch] {
	return gate.NewParameter(field, field+exactRule, func(q *personSearch, value string) bool {
		if q.filter.Fields == nil {
			q.filter.Fields = map[string]string{}
		}
		q.filter.Fields[field] = value
		return true
	})
}

func (q *personSearch) readText(value string) bool {
	q.text = value
	return store.IsSearchText(value)
}

func (q *personSearch) readBirthDates(value string) (ok bool) {
	q.filter.BornFrom, q.filter.BornTo, ok = record.ReadBirthRange(value)
	return ok
}

func readBool(to **bool, value string) bool {
	on := value == "true"
	*to = &on
	return on || value == "false"
}
