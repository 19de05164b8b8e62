// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"thalamus/internal/fed"
)

// Bounds of every record: PostgreSQL refuses some well-formed JSON, and prints
// some numbers of a few bytes as a hundred thousand digits.
const (
	MaxDepth  = 1000 // levels of arrays and objects
	MaxDigits = 1000 // digits of a number without an exponent
)

// Limits are the bounds that a site sets. Bytes are those of the text that
// PostgreSQL makes of a record, without the white space between its parts: so they are counted
// wherever a record comes from, and for a stored one by SQL.
type Limits struct {
	Noun     string // the name of the text in error messages: body, record
	Bytes    int64
	Elements int // keys and elements of arrays, on all levels together
}

// Whitespace is the white space of JSON. Other characters that look like it do not
// count.
const Whitespace = " \t\r\n"

// Read checks that text is one JSON object that PostgreSQL can store and gives it
// back without a byte order mark. It builds nothing of it, so that a text of a million
// keys takes no more memory than its bytes. Errors: Malformed when it is not JSON in
// UTF-8, Invalid when it breaks a rule of records, TooLarge.
func Read(text []byte, limits Limits) (fed.Record, error) {
	text = bytes.Trim(bytes.TrimPrefix(text, []byte("\uFEFF")), Whitespace)
	s := scan(text)

	switch {
	case s.tooDeep: // first, because encoding/json gives up on deep nesting
		return nil, fed.Errorf(fed.Invalid, "The %s is nested deeper than %d levels.", limits.Noun, MaxDepth)
	case len(text) == 0:
		return nil, fed.Errorf(fed.Malformed, "The %s is empty; it must be a JSON object.", limits.Noun)
	case !utf8.Valid(text):
		return nil, fed.Errorf(fed.Malformed, "The %s is not UTF-8.", limits.Noun)
	case !json.Valid(text):
		return nil, fed.Errorf(fed.Malformed, "The %s is not well-formed JSON.", limits.Noun)
	case text[0] != '{':
		return nil, fed.Errorf(fed.Invalid, "The %s must be a JSON object.", limits.Noun)
	case s.fault != "":
		return nil, fed.Errorf(fed.Invalid, "The %s holds %s.", limits.Noun, s.fault)
	case s.elements > limits.Elements:
		return nil, fed.Errorf(fed.Invalid, "The record has more than %d keys and array elements.", limits.Elements)
	case int64(s.size) > limits.Bytes:
		return nil, fed.Errorf(fed.TooLarge, "The record is larger than %d bytes when its numbers are written out.", limits.Bytes)
	}
	return text, nil
}
