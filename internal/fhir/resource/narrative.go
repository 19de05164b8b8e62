// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"cmp"
	"html"
	"strings"
	"unicode"
)

// writeNarrative appends the section as people read it: a line of XHTML for each item.
func (s *Section) writeNarrative(w *writer) {
	status := "generated"
	if !s.isTold() {
		status = "additional" // it says more than the entries
	}
	w.code("status", status)

	var b strings.Builder
	b.WriteString(`<div xmlns="http://www.w3.org/1999/xhtml">`)
	if s.topic.required && s.isEmpty() {
		b.WriteString("<p>" + s.topic.unlisted + "</p>")
	}
	if !s.isEmpty() {
		if s.topic.note != "" {
			b.WriteString("<p>" + s.topic.note + "</p>")
		}
		b.WriteString("<ul>")
		for _, item := range s.Items {
			item.writeLine(&b)
		}
		b.WriteString("</ul>")
	}
	if s.Cut {
		b.WriteString("<p>There are more items, which are older and left out here.</p>")
	}
	b.WriteString("</div>")
	w.code("div", b.String())
}

// isTold reports whether every item has an entry.
func (s *Section) isTold() bool {
	for _, item := range s.Items {
		if item.target == "" {
			return false
		}
	}
	return !s.isEmpty()
}

// writeLine writes an item: its text (its code) its value, its date: its words.
func (i Item) writeLine(b *strings.Builder) {
	b.WriteString("<li><b>" + xhtml(i.Text) + "</b>")
	if i.Code != "" {
		b.WriteString(" (" + xhtml(i.Code) + ")")
	}
	if i.Value != "" {
		b.WriteString(" " + xhtml(i.Value))
	}

	b.WriteString(", " + cmp.Or(i.When, "without a date that can be read"))
	for n, words := range i.Words {
		separator := ". "
		if n == 0 {
			separator = ": "
		}
		b.WriteString(separator + xhtml(strings.TrimSuffix(clean(words), ".")))
	}
	b.WriteString("</li>")
}

// Said is the words of an item in at most so many letters; "…" stands for the rest.
func (i Item) Said(most int) string {
	var said []string
	for _, words := range i.Words {
		said = append(said, strings.TrimSuffix(clean(words), "."))
	}

	letters := []rune(strings.Join(said, ". "))
	if len(letters) <= most {
		return string(letters)
	}
	return string(letters[:most]) + "…"
}

// xhtml is a text of a record as XML can have it.
func xhtml(text string) string {
	return html.EscapeString(strings.Map(func(c rune) rune {
		if c == 0xFFFE || c == 0xFFFF {
			return unicode.ReplacementChar
		}
		return c
	}, clean(text)))
}
