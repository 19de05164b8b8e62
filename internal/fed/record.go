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

// Limits are what a site allows a record beyond that.
type Limits struct {
	Bytes    int64 // with numbers written out
	Elements int   // keys and elements of arrays, on all levels together
}

// Blanks is what JSON takes for white space. Other characters that look like it
// are none.
const Blanks = " \t\r\n"

// ReadRecord checks that text is one JSON object that PostgreSQL can store and
// gives it back without a byte order mark. It builds nothing of it, so that a text
// of a million keys takes no more memory than its bytes. Errors: Malformed when it
// is not JSON in UTF-8, Invalid when it breaks a rule of records, TooLarge.
func ReadRecord(text []byte, limits Limits) (Record, error) {
	text = bytes.Trim(bytes.TrimPrefix(text, []byte("\uFEFF")), Blanks)
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
	case s.elements > limits.Elements:
		return nil, Errorf(Invalid, "The record has more than %d keys and array elements.", limits.Elements)
	case int64(len(text)+s.growth) > limits.Bytes:
		return nil, Errorf(TooLarge, "The record is larger than %d bytes when its numbers are written out.", limits.Bytes)
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
	text     []byte
	depth    int
	tooDeep  bool
	opened   bool   // an array or object has begun, and there is nothing in it yet
	elements int    // keys and elements of arrays
	fault    string // first rule that a string or number breaks
	growth   int    // bytes that written-out numbers need beyond their literals
}

func scan(text []byte) scanner {
	s := scanner{text: text}
	for i := 0; i < len(text) && !s.tooDeep; {
		switch c := text[i]; {
		case c == '"':
			s.opened = false
			i = s.skipString(i + 1)
		case c == '-' || '0' <= c && c <= '9':
			s.opened = false
			i = s.skipNumber(i)
		default:
			s.nest(c)
			i++
		}
	}
	return s
}

// nest follows arrays and objects. Each has one element more than commas, unless
// it is empty.
func (s *scanner) nest(c byte) {
	switch c {
	case '{', '[':
		s.depth++
		s.tooDeep = s.depth > MaxDepth
		s.elements++
		s.opened = true
	case '}', ']':
		s.depth--
		if s.opened {
			s.elements--
		}
		s.opened = false
	case ',':
		s.elements++
	case ' ', '\t', '\r', '\n':
	default:
		s.opened = false
	}
}

func (s *scanner) blame(fault string) {
	if s.fault == "" {
		s.fault = fault
	}
}
