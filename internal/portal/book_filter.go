// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/url"
	"unicode/utf8"

	"thalamus/internal/store"
)

// maxSearch is a limit of characters.
const maxSearch = 200

// bookFilter is the form above a book, as it was sent.
type bookFilter struct {
	Text, Kind string
	days
}

func readBookFilter(query url.Values) bookFilter {
	return bookFilter{Text: readQueryText(query, "q"), Kind: readQueryText(query, "kind"), days: readDays(query)}
}

// Used reports whether any field is filled in.
func (f bookFilter) Used() bool { return f.Text+f.Kind+f.From+f.To != "" }

// query gives what the form asks of a book, and notes what is wrong with it.
func (f bookFilter) query(book string) store.BookQuery {
	q := store.BookQuery{Books: []string{book}, Descending: true, Text: f.Text}
	if utf8.RuneCountInString(f.Text) > maxSearch {
		f.problems["q"] = say("book.search_long", "most", maxSearch)
	}
	if f.Kind != "" {
		q.Filters = []store.PageFilter{{Keys: kindKeys, Text: f.Kind}}
	}

	q.From, q.To = f.times()
	return q
}

// values are the fields that are filled in, for the links of a pager.
func (f bookFilter) values() url.Values {
	return filled(map[string]string{"q": f.Text, "kind": f.Kind, "from": f.From, "to": f.To})
}

// Fields are the inputs of the form.
func (f bookFilter) Fields() []field {
	return append([]field{
		{Name: "q", Type: "search", Label: say("book.search"), Value: f.Text, Problem: f.problems["q"]},
		field{Name: "kind", Label: say("book.kind"), Value: f.Kind}.choose(kindOptions()...),
	}, f.days.Fields()...)
}

func kindOptions() []option {
	all := []option{{Text: say("book.any_kind")}}
	for _, kind := range namedKinds {
		all = append(all, option{Value: kind.value, Text: say(kind.key)})
	}
	return all
}
