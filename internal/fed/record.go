// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// What a record may be, beyond well-formed: PostgreSQL refuses some JSON, and
// some numbers of a few bytes print as a hundred thousand digits.
const (
	MaxDepth  = 1000 // levels of arrays and objects
	MaxDigits = 1000 // digits of a number, written out
)

// ReadRecord checks that text is one JSON object that PostgreSQL can store and
// gives it back without a byte order mark. limit is in bytes, with numbers
// written out. Errors: Malformed when it is not JSON in UTF-8, Invalid when it
// breaks a rule of records, TooLarge.
func ReadRecord(text []byte, limit int64) (Record, error) {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\uFEFF")))
	s := scan(text)
	switch {
	case s.tooDeep: // first, because encoding/json gives up on deep nesting
		return nil, Errorf(Invalid, "The body is nested deeper than %d levels.", MaxDepth)
	case len(text) == 0:
		return nil, Errorf(Malformed, "The body is empty; it must be a JSON object.")
	case !utf8.Valid(text):
		return nil, Errorf(Malformed, "The body is not UTF-8.")
	case !json.Valid(text):
		return nil, Errorf(Malformed, "The body is not well-formed JSON.")
	case text[0] != '{':
		return nil, Errorf(Invalid, "The body must be a JSON object.")
	case s.fault != "":
		return nil, Errorf(Invalid, "%s", s.fault)
	case int64(len(text)+s.growth) > limit:
		return nil, Errorf(TooLarge, "The record is larger than %d bytes when its numbers are written out.", limit)
	}
	return text, nil
}

// Fields gives the top-level values by key; the last of double keys wins, as in
// jsonb. r must come from ReadRecord.
func (r Record) Fields() map[string]json.RawMessage {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(r, &fields); err != nil {
		return nil
	}
	return fields
}

// scanner walks over JSON text that need not be well-formed and notes what
// encoding/json does not tell. What it finds counts only if the text is valid.
type scanner struct {
	text    []byte
	depth   int
	tooDeep bool
	fault   string // first rule that a string or number breaks
	growth  int    // bytes that written-out numbers need beyond their literals
}

func scan(text []byte) scanner {
	s := scanner{text: text}
	for i := 0; i < len(text) && !s.tooDeep; {
		switch c := text[i]; {
		case c == '"':
			i = s.skipString(i + 1)
		case c == '-' || '0' <= c && c <= '9':
			i = s.skipNumber(i)
		default:
			s.nest(c)
			i++
		}
	}
	return s
}

func (s *scanner) nest(c byte) {
	switch c {
	case '{', '[':
		s.depth++
		s.tooDeep = s.depth > MaxDepth
	case '}', ']':
		s.depth--
	}
}

func (s *scanner) blame(fault string) {
	if s.fault == "" {
		s.fault = fault
	}
}
