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

// jsonValue is a JSON value of a file, and the line on which it begins, from 1.
type jsonValue struct {
	text []byte
	line int
}

// member is an element of an array, or of an object with its key.
type member struct {
	key string
	jsonValue
}

// check refuses a file that is not a JSON array in UTF-8: names in another encoding would be
// read as other names.
func (v jsonValue) check() error {
	if !utf8.Valid(v.text) {
		return fmt.Errorf("line %d: not UTF-8; save the file in UTF-8", v.lineOf(bytes.IndexRune(v.text, utf8.RuneError)))
	}

	var whole json.RawMessage
	err := json.Unmarshal(v.text, &whole)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("line %d: not a JSON array of roles: %w", v.lineOf(int(max(syntax.Offset, 1)-1)), err) // Offset is past the wrong byte
	}

	start := bytes.IndexFunc(v.text, notSpace)
	if v.text[start] != '[' {
		return fmt.Errorf("line %d: not a JSON array of roles", v.lineOf(start))
	}
	return nil
}

func notSpace(c rune) bool { return !strings.ContainsRune(record.Whitespace, c) }

// lineOf gives the line of an index of the value.
func (v jsonValue) lineOf(index int) int { return v.line + bytes.Count(v.text[:index], []byte("\n")) }

// members gives the members of an array or object; ok is false for any other value.
func (v jsonValue) members(opening json.Delim) (found []member, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(v.text))
	first, err := decoder.Token()
	if err != nil || first != opening {
		return nil, false
	}

	for decoder.More() {
		var m member
		if opening == '{' {
			key, _ := decoder.Token() // it is well-formed
			m.key, _ = key.(string)
		}

		var text json.RawMessage
		if err := decoder.Decode(&text); err != nil {
			return nil, false
		}
		m.jsonValue = jsonValue{text, v.lineOf(int(decoder.InputOffset()) - len(text))}
		found = append(found, m)
	}
	return found, true
}
