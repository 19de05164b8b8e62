// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"cmp"
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
		return q.WriteRecords(w, r, c, func(flow store.Flow, take func(fed.Record) error) error {
			return h.db.For(c.Reader()).EachPersonWith(r.Context(), q.filter, q.Span(w), flow, take)
		})
	}
	asked := store.Search{Text: q.text, Filter: q.filter, Limit: cmp.Or(q.Limit, usualFound)}
	return c.WriteAsked(w, r, func(l *gate.List) error {
		return h.db.For(c.Reader()).SearchPersons(r.Context(), asked, l, func(score float64, person fed.Record) error {
			if !q.score {
				return l.Add([]byte("["), person, []byte("]"))
			}
			number := strconv.AppendFloat([]byte(`[{"score":`), score, 'f', 4, 64)
			return l.Add(number, []byte(`,"person":`), person, []byte("}]"))
		})
	})
}

// readSearch reads the query of GET /people. What it does not know, or cannot
// read, is refused: a misspelt filter must not return everybody. Sentences never
// repeat what was searched for.
func readSearch(r *http.Request, allowed []string) (q search, err error) {
	q.Paging, err = gate.ReadPaging(r, path("people"), func(key, value string) error { return q.read(key, value, allowed) })
	switch {
	case err != nil:
	case q.score && q.text == "":
		err = fed.Errorf(fed.Invalid, "score goes with q only.")
	case q.After != nil && q.text != "":
		err = fed.Errorf(fed.Invalid, "after does not go with q: what fits best comes first, and no more.")
	}
	return q, err
}

func (q *search) read(key, value string, allowed []string) (err error) {
	switch key {
	case "q":
		q.text, err = value, checkText(value)
	case "dob":
		q.filter.BornFrom, q.filter.BornTo, err = readDates(value)
	case "active":
		q.filter.Active, err = readSwitch(key, value)
	case "deceased":
		q.filter.Deceased, err = readSwitch(key, value)
	case "score":
		q.score, err = true, readOne(key, value)
	default:
		err = q.readField(key, value, allowed)
	}
	return err
}

func checkText(text string) error {
	if utf8.RuneCountInString(text) > longestText {
		return fed.Errorf(fed.Invalid, "q is longer than %d characters.", longestText)
	}
	for word := range strings.FieldsSeq(text) {
		if utf8.RuneCountInString(word) > longestWord {
			return fed.Errorf(fed.Invalid, "A word in q is longer than %d characters.", longestWord)
		}
	}
	return nil
}

func (q *search) readField(key, value string, allowed []string) error {
	if !slices.Contains(allowed, key) {
		return gate.NoFilters(key, value)
	}
	if q.filter.Fields == nil {
		q.filter.Fields = map[string]string{}
	}
	q.filter.Fields[key] = value
	return nil
}

func readOne(key, value string) error {
	if value != "1" {
		return fed.Errorf(fed.Invalid, "%s must be 1.", key)
	}
	return nil
}

func readSwitch(key, value string) (*bool, error) {
	on := value == "true"
	if !on && value != "false" {
		return nil, fed.Errorf(fed.Invalid, "%s must be true or false.", key)
	}
	return &on, nil
}
