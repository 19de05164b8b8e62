// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"thalamus/internal/fed"
)

// writer appends JSON. FHIR has no empty text, list or object: they are left out. A key is "" in a list.
type writer struct{ json []byte }

// name appends what goes before a value.
func (w *writer) name(key string) {
	if w.follows() {
		w.json = append(w.json, ',')
	}
	if key != "" {
		w.json = append(append(append(w.json, '"'), key...), `":`...)
	}
}

// follows reports whether a value stands before what comes next.
func (w *writer) follows() bool {
	if len(w.json) == 0 {
		return false
	}
	last := w.json[len(w.json)-1]
	return last != '{' && last != '[' && last != ':'
}

// object appends an object that fill fills.
func (w *writer) object(key string, fill func()) { w.nest(key, "{}", fill) }

// list appends a list that fill fills.
func (w *writer) list(key string, fill func()) { w.nest(key, "[]", fill) }

func (w *writer) nest(key, brackets string, fill func()) {
	start := len(w.json)
	w.name(key)
	w.json = append(w.json, brackets[0])
	begun := len(w.json)

	fill()

	if len(w.json) == begun {
		w.json = w.json[:start]
		return
	}
	w.json = append(w.json, brackets[1])
}

// text appends a text of a record.
func (w *writer) text(key, value string) {
	value = clean(value)
	if value == "" {
		return
	}
	w.name(key)
	w.json = fed.AppendText(w.json, value)
}

// code appends a text that needs no cleaning.
func (w *writer) code(key, value string) {
	if value == "" {
		return
	}
	w.name(key)
	w.json = fed.AppendText(w.json, value)
}

// integer appends a number as a text, as FHIR has versions.
func (w *writer) integer(key string, n int64) { w.code(key, strconv.FormatInt(n, 10)) }

// instant appends a time, unless it is zero.
func (w *writer) instant(key string, t time.Time) {
	if t.IsZero() {
		return
	}
	w.name(key)
	w.json = append(t.UTC().AppendFormat(append(w.json, '"'), Time), '"')
}

// number appends a number with the digits that it has.
func (w *writer) number(key, digits string) {
	w.name(key)
	w.json = append(w.json, digits...)
}

func (w *writer) bool(key string, is bool) {
	w.name(key)
	w.json = strconv.AppendBool(w.json, is)
}

// unknown appends that a value is not known where there has to be one.
func (w *writer) unknown(key string) {
	w.object("_"+key, func() {
		w.list("extension", func() {
			w.object("", func() {
				w.code("url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason")
				w.code("valueCode", absentReasonUnknown)
			})
		})
	})
}

// clean gives a text as FHIR can have it: without control characters, each of which is shown as
// "\uFFFD", and with ordinary blanks, which all readers of FHIR take. A text of blanks is none.
func clean(text string) string {
	if !fed.Plain(text) {
		text = strings.Map(cleanRune, text)
	}
	return strings.Trim(text, " \t\r\n")
}

func cleanRune(c rune) rune {
	switch {
	case c == '\t', c == '\r', c == '\n':
		return c
	case c < ' ', c == 0x7f:
		return unicode.ReplacementChar
	case unicode.IsSpace(c), c == 0xFEFF:
		return ' '
	default:
		return c
	}
}
