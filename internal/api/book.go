// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// bookRequest is what the query of a book asks for.
type bookRequest struct {
	store.BookQuery
	linked bool // also the books of other records of this person
	gate.Paging
}

var bookParameters = gate.Paged(func(q *bookRequest) *gate.Paging { return &q.Paging },
	gate.NewParameter("from", "from"+pageTimeRule, func(q *bookRequest, value string) (ok bool) {
		q.From, _, ok = parsePageTime(value)
		return ok
	}).With(pageTimeSchema),
	gate.NewParameter("to", "to"+pageTimeRule, func(q *bookRequest, value string) (ok bool) {
		_, q.To, ok = parsePageTime(value)
		return ok
	}).With(pageTimeSchema),
	gate.NewParameter("order", "order must be asc or desc.", func(q *bookRequest, value string) bool {
		q.Descending = value == "desc"
		return q.Descending || value == "asc"
	}).With(gate.Enum("asc", "desc")),
	gate.NewParameter("linked", "linked must be 1.", func(q *bookRequest, value string) bool {
		q.linked = true
		return value == "1"
	}).With(gate.Enum("1")),
	pageFilter("page_type", "page_type"),
	pageFilter("domain", "domain"),
	pageFilter("context", "context", "medical_context"), // phones write the first, hospitals the second
	pageFilter("medical_context", "context", "medical_context"),
)

// pageTimeSchema is less than the rule.
const pageTimeSchema = `{"type": "string", "pattern": "^[ \\t]*[0-9]{4}", "examples": ["2024-05"]}`

const pageTimeRule = " must be a day (2024-05-01), a month, a year or a time (2024-05-01T10:11:12Z)."

// pageFilter keeps pages in which one of the keys has the value.
func pageFilter(name string, keys ...string) gate.Parameter[bookRequest] {
	return gate.NewParameter(name, name+exactRule, func(q *bookRequest, value string) bool {
		q.Filters = append(q.Filters, store.PageFilter{Keys: keys, Text: value})
		return true
	})
}

func (h *books) getBook(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	person := c.Subject
	if r.URL.RawQuery == "" {
		return h.getWholeBook(w, r, c, person)
	}

	asked, err := bookParameters.Read(r, bookRequest{Paging: gate.PagingAt(c, "pols", person)})
	if err != nil {
		return err
	}

	asked.Books = []string{person}
	if asked.linked {
		asked.Books, err = h.linkedBooks(r, c, person)
	}
	if err != nil {
		return err
	}

	if asked.All() {
		return h.getWholeBook(w, r, c, person)
	}
	if err := checkPeriod(asked.From, asked.To); err != nil {
		return err
	}

	keyset := store.Keyset[store.BookKey]{Limit: asked.Limit, More: func(last store.BookKey) { asked.Link(w, formatBookKey(asked.Descending, last)) }}
	if asked.After != nil {
		keyset.After, err = parseBookKey(asked.Descending, *asked.After)
	}
	if err != nil {
		return err
	}

	return asked.WriteRecords(w, r, func(flow store.Flow, take func(fed.Record) error) error {
		return h.db.For(c.Reader()).EachPageOf(r.Context(), asked.BookQuery, keyset, flow, take)
	})
}

// getWholeBook answers a request without a query, which every phone and every node sends.
func (h *books) getWholeBook(w http.ResponseWriter, r *http.Request, c *gate.Caller, person string) error {
	return gate.PagingAt(c).WriteRecords(w, r, func(flow store.Flow, take func(fed.Record) error) error {
		return h.db.For(c.Reader()).EachPage(r.Context(), person, flow, take)
	})
}

// checkPeriod refuses a time that ends before it begins. A zero bound is none.
func checkPeriod(from, to time.Time) error {
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return fed.Errorf(fed.Invalid, "from must not be after to.")
	}
	return nil
}

// beforeZone deletes the blank before a zone. Any other blank is the + of a zone.
var beforeZone = strings.NewReplacer(" Z", "Z", " +", "+", " -", "-", " ", "+")

// parsePageTime reads a year, a month, a day or a time, as thalamus_page_time does: when
// it begins, and when it has passed. Without a zone it is in UTC. The + of a zone may
// have come as a space, which is what it means in a query.
func parsePageTime(value string) (begins, passed time.Time, ok bool) {
	value = strings.Trim(value, " \t")
	for _, form := range []struct {
		layout              string
		years, months, days int
	}{{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {time.DateOnly, 0, 0, 1}} {
		t, err := time.Parse(form.layout, value)
		if err != nil || t.Year() < 1 {
			continue
		}

		return t, t.AddDate(form.years, form.months, form.days), true
	}

	text := strings.ToUpper(value) // t and z
	if len(text) > len(time.DateOnly) && text[len(time.DateOnly)] == ' ' {
		text = text[:len(time.DateOnly)] + "T" + text[len(time.DateOnly)+1:]
	}

	text = beforeZone.Replace(text)
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		for _, zone := range []string{"", "Z07:00", "Z0700", "Z07"} {
			t, err := time.Parse(layout+zone, text)
			if err != nil || t.Year() < 1 {
				continue
			}

			t = t.UTC().Truncate(time.Microsecond)
			return t, t.Add(time.Microsecond), true
		}
	}

	return begins, passed, false
}

// formatBookKey writes the key of a page for a cursor, which is good for one direction.
func formatBookKey(descending bool, key store.BookKey) string {
	return strconv.FormatBool(descending) + " " + key.Format()
}

// parseBookKey reads what formatBookKey wrote.
func parseBookKey(descending bool, text string) (*store.BookKey, error) {
	direction, rest, _ := strings.Cut(text, " ")
	key, ok := store.ParseBookKey(rest)
	if !ok || direction != strconv.FormatBool(descending) {
		return nil, gate.WrongAfter()
	}
	return &key, nil
}
