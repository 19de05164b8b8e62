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

// pageFilters gives the keys of a page that each filter looks at. Phones write
// domain and context, hospitals page_type and medical_context.
var pageFilters = map[string][]string{
	"page_type":       {"page_type"},
	"domain":          {"domain"},
	"context":         {"context", "medical_context"},
	"medical_context": {"context", "medical_context"},
}

func (h *books) getBook(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	person := c.Subject
	if r.URL.RawQuery == "" {
		return h.getWholeBook(w, r, c, person)
	}
	asked := store.BookQuery{Books: []string{person}}
	linked := false
	part, err := gate.ReadPaging(r, path("pols", person), func(key, value string) error {
		if key == "linked" {
			linked = true
			return readOne(key, value)
		}
		return readBook(&asked, key, value)
	})
	if err == nil && linked {
		asked.Books, err = h.linkedBooks(r, c, person)
	}
	if err != nil {
		return err
	}
	if part.All() {
		return h.getWholeBook(w, r, c, person)
	}
	if !asked.From.IsZero() && !asked.To.IsZero() && !asked.From.Before(asked.To) {
		return fed.Errorf(fed.Invalid, "from must not be after to.")
	}
	span := store.Span[store.BookKey]{Limit: part.Limit, More: func(last store.BookKey) { part.Link(w, bookKey(asked.Descending, last)) }}
	if part.After != nil {
		if span.After, err = readBookKey(asked.Descending, *part.After); err != nil {
			return err
		}
	}
	return part.WriteRecords(w, r, c, func(flow store.Flow, take func(fed.Record) error) error {
		return h.db.For(c.Reader()).EachPageOf(r.Context(), asked, span, flow, take)
	})
}

// getWholeBook is the request of every phone and every node.
func (h *books) getWholeBook(w http.ResponseWriter, r *http.Request, c *gate.Caller, person string) error {
	return gate.Paging{}.WriteRecords(w, r, c, func(flow store.Flow, take func(fed.Record) error) error {
		return h.db.For(c.Reader()).EachPage(r.Context(), person, flow, take)
	})
}

// readBook reads a parameter of the query of a book.
func readBook(q *store.BookQuery, key, value string) (err error) {
	switch key {
	case "from":
		q.From, _, err = readMoment(key, value)
	case "to":
		_, q.To, err = readMoment(key, value)
	case "order":
		if q.Descending = value == "desc"; !q.Descending && value != "asc" {
			err = fed.Errorf(fed.Invalid, "order must be asc or desc.")
		}
	default:
		keys, ok := pageFilters[key]
		if !ok {
			return gate.NoFilters(key, value)
		}
		q.Filters = append(q.Filters, store.PageFilter{Keys: keys, Text: value})
	}
	return err
}

// beforeZone takes the blank before a zone away. Any other is the + of one.
var beforeZone = strings.NewReplacer(" Z", "Z", " +", "+", " -", "-", " ", "+")

// readMoment reads a year, a month, a day or a time, as thalamus_page_time does: when
// it begins, and when it has passed. Without a zone it is in UTC. The + of a zone may
// have come as a space, which is what it means in a query.
func readMoment(key, value string) (begins, passed time.Time, err error) {
	value = strings.Trim(value, " \t")
	for _, form := range []struct {
		layout              string
		years, months, days int
	}{{"2006", 1, 0, 0}, {"2006-01", 0, 1, 0}, {time.DateOnly, 0, 0, 1}} {
		if t, err := time.Parse(form.layout, value); err == nil && t.Year() > 0 {
			return t, t.AddDate(form.years, form.months, form.days), nil
		}
	}
	text := strings.ToUpper(value) // t and z
	if len(text) > len(time.DateOnly) && text[len(time.DateOnly)] == ' ' {
		text = text[:len(time.DateOnly)] + "T" + text[len(time.DateOnly)+1:]
	}
	text = beforeZone.Replace(text)
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		for _, zone := range []string{"", "Z07:00", "Z0700", "Z07"} {
			if t, err := time.Parse(layout+zone, text); err == nil && t.Year() > 0 {
				t = t.UTC().Truncate(time.Microsecond)
				return t, t.Add(time.Microsecond), nil
			}
		}
	}
	return begins, passed, fed.Errorf(fed.Invalid, "%s must be a day (2024-05-01), a month, a year or a time (2024-05-01T10:11:12Z).", key)
}

// bookKey writes the place of a page, in one direction.
func bookKey(descending bool, key store.BookKey) string {
	text := strconv.FormatBool(descending) + " "
	if key.Dated {
		text += strconv.FormatInt(key.Time.UnixMicro(), 10)
	}
	return text + " " + key.ID
}

// readBookKey reads what bookKey wrote.
func readBookKey(descending bool, text string) (*store.BookKey, error) {
	direction, rest, _ := strings.Cut(text, " ")
	micros, id, ok := strings.Cut(rest, " ")
	key := &store.BookKey{ID: id, Dated: micros != ""}
	if key.Dated {
		n, err := strconv.ParseInt(micros, 10, 64)
		key.Time = time.UnixMicro(n).UTC()
		ok = ok && err == nil && key.Time.Year() >= 0 && key.Time.Year() <= 10000
	}
	if !ok || direction != strconv.FormatBool(descending) {
		return nil, gate.WrongAfter()
	}
	return key, nil
}
