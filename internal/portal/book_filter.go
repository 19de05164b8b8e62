// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"thalamus/internal/store"
)

// maxSearch is a limit of characters.
const maxSearch = 200

// bookFilter is the form above a book, as it was sent.
type bookFilter struct {
	Text, Kind, From, To string
	problems             map[string]message // by field
}

func readBookFilter(query url.Values) bookFilter {
	read := func(name string) string {
		return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(query.Get(name), "\x00", ""), ""))
	}
	return bookFilter{Text: read("q"), Kind: read("kind"), From: read("from"), To: read("to"), problems: map[string]message{}}
}

// Used reports whether any field is filled in.
func (f bookFilter) Used() bool { return f.Text+f.Kind+f.From+f.To != "" }

// Wrong reports whether a field cannot be understood.
func (f bookFilter) Wrong() bool { return len(f.problems) > 0 }

// query gives what the form asks of a book, and notes what is wrong with it.
func (f bookFilter) query(book string) store.BookQuery {
	q := store.BookQuery{Books: []string{book}, Descending: true, Text: f.Text}
	if utf8.RuneCountInString(f.Text) > maxSearch {
		f.problems["q"] = say("book.search_long", "most", maxSearch)
	}
	if f.Kind != "" {
		q.Filters = []store.PageFilter{{Keys: kindKeys, Text: f.Kind}}
	}

	q.From = f.day("from", f.From, 0)
	q.To = f.day("to", f.To, 1)
	if !f.Wrong() && !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To) {
		f.problems["to"] = say("book.to_before_from")
	}
	return q
}

// day reads a day, and gives the beginning of the one that comes so many days later.
func (f bookFilter) day(name, text string, later int) time.Time {
	if text == "" {
		return time.Time{}
	}

	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1 {
		f.problems[name] = say("book.no_day", "example", "2024-05-01")
		return time.Time{}
	}
	return day.AddDate(0, 0, later)
}

// values are the fields that are filled in, for the links of a pager.
func (f bookFilter) values() url.Values {
	filled := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "kind": f.Kind, "from": f.From, "to": f.To} {
		if value != "" {
			filled.Set(name, value)
		}
	}
	return filled
}

// Fields are the inputs of the form.
func (f bookFilter) Fields() []field {
	return []field{
		{Name: "q", Type: "search", Label: say("book.search"), Value: f.Text, Problem: f.problems["q"]},
		field{Name: "kind", Label: say("book.kind"), Value: f.Kind}.choose(kindOptions()...),
		{Name: "from", Type: "date", Label: say("book.from"), Value: f.From, Problem: f.problems["from"]},
		{Name: "to", Type: "date", Label: say("book.to"), Value: f.To, Problem: f.problems["to"]},
	}
}

func kindOptions() []option {
	all := []option{{Text: say("book.any_kind")}}
	for _, kind := range namedKinds {
		all = append(all, option{Value: kind.value, Text: say(kind.key)})
	}
	return all
}
