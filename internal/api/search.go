// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

const (
	usualFound  = 20  // persons, when a search says no limit
	longestText = 600 // characters of q: the whole name of an identity card
	longestWord = 200 // of them
)

// search is what the query of GET /people asks for.
type search struct {
	text   string // q; empty: everybody whom the filter lets through
	filter store.PersonFilter
	score  bool // persons are wrapped with their scores
	gate.Paging
}

// findPeople answers with the persons that the query asks for.
func (h *people) findPeople(w http.ResponseWriter, r *http.Request, c *gate.Caller, q search) error {
	if q.text == "" {
		return h.filterPeople(w, r, c, q)
	}
	asked := store.Search{Text: q.text, Filter: q.filter, Limit: cmp.Or(q.Limit, usualFound)}
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

// filterPeople answers with the persons whom a filter lets through. A list without an end
// counts as told of everybody: how many of them it has nobody knows before.
func (h *people) filterPeople(w http.ResponseWriter, r *http.Request, c *gate.Caller, q search) error {
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
func (h *people) readSearch(r *http.Request, c *gate.Caller) (search, error) {
	q, err := h.searches.Read(r, search{Paging: gate.PagingAt(c, "people")})
	switch {
	case err != nil:
	case q.score && q.text == "":
		err = fed.Errorf(fed.Invalid, "score goes with q only.")
	case q.After != nil && q.text != "":
		err = fed.Errorf(fed.Invalid, "after does not go with q: what fits best comes first, and no more.")
	}
	return q, err
}

// searchParameters are those of GET /people, with the keys of persons that a search may
// compare.
func searchParameters(fields []string) gate.Parameters[search] {
	all := []gate.Parameter[search]{
		gate.NewParameter("q", textRule, (*search).readText),
		gate.NewParameter("dob", dobRule, (*search).readBorn),
		gate.NewParameter("active", "active"+switchRule, func(q *search, value string) bool { return readSwitch(&q.filter.Active, value) }),
		gate.NewParameter("deceased", "deceased"+switchRule, func(q *search, value string) bool { return readSwitch(&q.filter.Deceased, value) }),
		gate.NewParameter("score", "score must be 1.", func(q *search, value string) bool {
			q.score = true
			return value == "1"
		}),
	}
	for _, field := range fields {
		all = append(all, fieldParameter(field))
	}
	return gate.Paged(func(q *search) *gate.Paging { return &q.Paging }, all...)
}

const (
	dobRule    = "dob must be a day (1990-10-04), a month, a year (1990) or a range, the earlier first (1990..1992)."
	switchRule = " must be true or false."
	exactRule  = " must be the whole value that a record has."
)

var textRule = fmt.Sprintf("q must have at most %d characters, and each of its words %d.", longestText, longestWord)

// fieldParameter compares a key of persons.
func fieldParameter(field string) gate.Parameter[search] {
	return gate.NewParameter(field, field+exactRule, func(q *search, value string) bool {
		if q.filter.Fields == nil {
			q.filter.Fields = map[string]string{}
		}
		q.filter.Fields[field] = value
		return true
	})
}

func (q *search) readText(value string) bool {
	q.text = value
	tooLong := func(word string) bool { return utf8.RuneCountInString(word) > longestWord }
	return utf8.RuneCountInString(value) <= longestText && !slices.ContainsFunc(strings.Fields(value), tooLong)
}

func (q *search) readBorn(value string) (ok bool) {
	q.filter.BornFrom, q.filter.BornTo, ok = readDates(value)
	return ok
}

func readSwitch(to **bool, value string) bool {
	on := value == "true"
	*to = &on
	return on || value == "false"
}
