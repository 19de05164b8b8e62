// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

const (
	usualFound  = 20   // persons, when a search says no limit
	mostFound   = 1000 // persons
	longestText = 200  // characters of q
)

// search is what the query of GET /people asks for.
type search struct {
	text   string // q; empty: everybody whom the filter lets through
	filter store.PersonFilter
	limit  int  // 0: none was said
	score  bool // persons are wrapped with their scores
}

// everybody reports whether the query asks for nothing in particular.
func (q search) everybody() bool { return reflect.ValueOf(q).IsZero() }

// findPeople answers with the persons that the query asks for.
func (s *Server) findPeople(w http.ResponseWriter, r *http.Request, q search) error {
	if q.text == "" {
		return writeRecords(w, r, func(take func(fed.Record) error) error {
			return s.Store.EachPersonWith(r.Context(), q.filter, q.limit, take)
		})
	}
	asked := store.Search{Text: q.text, Filter: q.filter, Limit: q.limit}
	if asked.Limit == 0 {
		asked.Limit = usualFound
	}
	return writeList(w, r, func(add func(parts ...[]byte) error) error {
		return s.Store.SearchPersons(r.Context(), asked, func(score float64, person fed.Record) error {
			if !q.score {
				return add([]byte("["), person, []byte("]"))
			}
			number := strconv.AppendFloat([]byte(`[{"score":`), score, 'f', 4, 64)
			return add(number, []byte(`,"person":`), person, []byte("}]"))
		})
	})
}

// readSearch reads the query of GET /people. What it does not know, or cannot
// read, is refused: a misspelt filter must not return everybody. Sentences never
// repeat what was searched for.
func readSearch(r *http.Request, allowed []string) (q search, err error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return q, fed.Errorf(fed.Invalid, "The query cannot be read.")
	}
	for key, all := range values {
		value := strings.Join(all, "")
		if value == "" {
			continue
		}
		if len(all) > 1 || !utf8.ValidString(value) || strings.ContainsRune(key+value, 0) {
			return q, fed.Errorf(fed.Invalid, "A query parameter takes one value, in UTF-8.")
		}
		if err := q.read(key, value, allowed); err != nil {
			return q, err
		}
	}
	if q.score && q.text == "" {
		return q, fed.Errorf(fed.Invalid, "score goes with q only.")
	}
	return q, nil
}

func (q *search) read(key, value string, allowed []string) (err error) {
	switch key {
	case "q":
		q.text = value
		if utf8.RuneCountInString(value) > longestText {
			err = fed.Errorf(fed.Invalid, "q is longer than %d characters.", longestText)
		}
	case "limit":
		q.limit, err = readLimit(value)
	case "dob":
		q.filter.BornFrom, q.filter.BornTo, err = readDates(value)
	case "active":
		q.filter.Active, err = readSwitch(key, value)
	case "deceased":
		q.filter.Deceased, err = readSwitch(key, value)
	case "score":
		if q.score = value == "1"; !q.score {
			err = fed.Errorf(fed.Invalid, "score must be 1.")
		}
	default:
		err = q.readField(key, value, allowed)
	}
	return err
}

func (q *search) readField(key, value string, allowed []string) error {
	if !slices.Contains(allowed, key) {
		return fed.Errorf(fed.Invalid, "This collection takes no such query parameter.")
	}
	if q.filter.Fields == nil {
		q.filter.Fields = map[string]string{}
	}
	q.filter.Fields[key] = value
	return nil
}

func readLimit(value string) (int, error) {
	limit, err := strconv.Atoi(value)
	if err != nil || limit < 1 || limit > mostFound {
		return 0, fed.Errorf(fed.Invalid, "limit must be a number from 1 to %d.", mostFound)
	}
	return limit, nil
}

func readSwitch(key, value string) (*bool, error) {
	on := value == "true"
	if !on && value != "false" {
		return nil, fed.Errorf(fed.Invalid, "%s must be true or false.", key)
	}
	return &on, nil
}
