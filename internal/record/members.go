// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"bytes"
	"encoding/json"
)

// Members yields the top-level keys and values of a JSON object in their order,
// double keys included, and copies no value. It looks only for the end of a value,
// not into it: ok is false when the text around the values is not an object's. A key
// that cannot be read is nil.
func Members(text []byte, yield func(key, value []byte)) (ok bool) {
	w := walker{text: text}
	if !w.skip('{') {
		return false
	}

	for more := !w.skip('}'); more; more = !w.skip('}') {
		if w.members > 0 && !w.skip(',') {
			return false
		}

		key, ok := w.value(), w.skip(':')
		value := w.value()
		if !ok || len(key) == 0 || key[0] != '"' || len(value) == 0 {
			return false
		}
		yield(unquote(key), value)
		w.members++
	}

	w.skipSpace()
	return w.i == len(text)
}

// Elements yields the values of a JSON array in their order, as Members does those of an object.
func Elements(text []byte, yield func(value []byte)) (ok bool) {
	w := walker{text: text}
	if !w.skip('[') {
		return false
	}

	for more := !w.skip(']'); more; more = !w.skip(']') {
		if w.members > 0 && !w.skip(',') {
			return false
		}

		value := w.value()
		if len(value) == 0 {
			return false
		}
		yield(value)
		w.members++
	}

	w.skipSpace()
	return w.i == len(text)
}

// walker walks through a JSON text that need not be well-formed.
type walker struct {
	text    []byte
	i       int
	members int // passed so far, or elements
}

func (w *walker) skipSpace() {
	for w.i < len(w.text) && isSpace(w.text[w.i]) {
		w.i++
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// skip goes past c, if that is next.
func (w *walker) skip(c byte) bool {
	w.skipSpace()
	if w.i == len(w.text) || w.text[w.i] != c {
		return false
	}
	w.i++
	return true
}

// value goes past the next value and gives it; empty when there is none.
func (w *walker) value() []byte {
	w.skipSpace()
	start, depth := w.i, 0
	for ; w.i < len(w.text); w.i++ {
		switch c := w.text[w.i]; c {
		case '"':
			w.skipString()
		case '{', '[':
			depth++
		case '}', ']', ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return w.text[start:w.i]
			}
			if c == '}' || c == ']' {
				depth--
			}
		default:
			continue
		}

		if depth == 0 { // a string, or a closed array or object
			w.i++
			return w.text[start:w.i]
		}
	}
	return w.text[start:]
}

// skipString goes from the opening quote of a string to the closing one, or past
// the text.
func (w *walker) skipString() {
	for w.i++; w.i < len(w.text); w.i++ {
		switch w.text[w.i] {
		case '"':
			return
		case '\\':
			w.i++
		}
	}
	w.i = len(w.text) - 1
}

// unquote gives the text of a JSON string, or nil.
func unquote(literal []byte) []byte {
	if len(literal) < 2 {
		return nil
	}

	inner := literal[1 : len(literal)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}

	var text string
	if json.Unmarshal(literal, &text) != nil {
		return nil
	}
	return []byte(text)
}
