// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"cmp"

	"thalamus/internal/fed"
	"thalamus/internal/measurement"
	"thalamus/internal/record"
)

// listedMembers are the members of a page that its entry in a list is made of.
var listedMembers = append([]string{
	"summary", "info", "health_condition_text", "procedure_text", "page_date", "node", "author", "measurements", "privacy",
}, kindKeys...)

// entry is a page in a list.
type entry struct {
	Path  string // href
	Title label
	head
	Excerpt  string
	Readings []reading
	News     *pageNews // nil: it is no news
	Hidden   []label   // from whom, in the caller's own book
}

// head is what stands above a page and in its entry.
type head struct {
	Date   record.PageDate
	Dated  bool   // else Date says nothing
	Told   string // a date that cannot be read, as it is stored
	Kinds  []label
	Node   string
	Author string
}

// maxExcerpt is a limit of characters.
const maxExcerpt = 200

func newEntry(path string, page fed.Record) entry {
	texts := pageTexts(page)
	readings := newReadings(measurement.Of(page).AllReadings())
	e := entry{Path: path, Title: pageTitle(texts, len(readings) > 0), head: newHead(texts), Readings: readings}
	if e.Title.Text != texts["info"] {
		e.Excerpt = cut(texts["info"], maxExcerpt)
	}
	e.Title.Text = cut(e.Title.Text, maxExcerpt)
	return e
}

// pageTexts are the members of a page: a text as it is, null as "", anything else as JSON.
func pageTexts(page fed.Record) map[string]string {
	texts := map[string]string{}
	record.Members(page, func(key, value []byte) { texts[string(key)] = memberText(value) })
	return texts
}

// pageTitle is the summary of a page; without one, what stands in its place.
func pageTitle(texts map[string]string, measured bool) label {
	title := cmp.Or(texts["summary"], texts["health_condition_text"], texts["procedure_text"])
	switch {
	case title != "":
		return label{Text: title}
	case measured:
		return label{Name: say("page.measurements")}
	default:
		return label{Name: say("page.untitled")}
	}
}

func newHead(texts map[string]string) head {
	h := head{Told: texts["page_date"], Node: texts["node"], Author: texts["author"]}
	h.Date, h.Dated = record.ReadPageDate(h.Told)

	seen := map[string]bool{"": true}
	for _, key := range kindKeys {
		if value := texts[key]; !seen[value] {
			h.Kinds = append(h.Kinds, kindLabel(value))
		}
		seen[texts[key]] = true
	}
	return h
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i] + "…"
		}
		n++
	}
	return text
}
