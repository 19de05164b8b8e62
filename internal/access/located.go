// SPDX-License-Identifier: GPL-3.0-or-later

package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"thalamus/internal/record"
)

// located is a JSON value of a file, and the line on which it begins, from 1.
type located struct {
	text []byte
	line int
}

// member is an element of an array, or of an object with its key.
type member struct {
	key string
	located
}

// check refuses what is no JSON array in UTF-8: read as if it were, the names in it would
// be others.
func (v located) check() error {
	if !utf8.Valid(v.text) {
		return fmt.Errorf("line %d: not UTF-8; save the file in UTF-8", v.lineOf(bytes.IndexRune(v.text, utf8.RuneError)))
	}
	var whole json.RawMessage
	err := json.Unmarshal(v.text, &whole)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("line %d: not a JSON array of roles: %w", v.lineOf(int(max(syntax.Offset, 1)-1)), err) // behind the byte that is wrong
	}
	if start := bytes.IndexFunc(v.text, notBlank); v.text[start] != '[' {
		return fmt.Errorf("line %d: not a JSON array of roles", v.lineOf(start))
	}
	return nil
}

func notBlank(c rune) bool { return !strings.ContainsRune(record.Whitespace, c) }

// lineOf is the line of a place in the value.
func (v located) lineOf(index int) int { return v.line + bytes.Count(v.text[:index], []byte("\n")) }

// members gives those of an array or object; none if it is something else.
func (v located) members(opening json.Delim) (found []member, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(v.text))
	first, err := decoder.Token()
	if err != nil || first != opening {
		return nil, false
	}
	for decoder.More() {
		var m member
		if opening == '{' {
			key, _ := decoder.Token() // well-formed it is
			m.key, _ = key.(string)
		}
		var text json.RawMessage
		if err := decoder.Decode(&text); err != nil {
			return nil, false
		}
		m.located = located{text, v.lineOf(int(decoder.InputOffset()) - len(text))}
		found = append(found, m)
	}
	return found, true
}
