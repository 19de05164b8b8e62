// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"thalamus/internal/fed"
)

// UpperID spells an id as new persons have theirs: in upper case, like the Python
// server's. An id that is not stored as it is written is looked for so.
func UpperID(text string) string {
	small := func(c rune) bool { return c >= utf8.RuneSelf || 'a' <= c && c <= 'z' }
	if !strings.ContainsFunc(text, small) {
		return text // most ids: this is asked with every request
	}
	return cases.Upper(language.Und).String(text)
}

// NewPersonID gives the id under which a person is created. Invalid if nobody may
// have it.
func NewPersonID(text string) (string, error) {
	id := UpperID(text)
	return id, fed.CheckNewID(id)
}

// fields is the top level of a record.
type fields map[string]json.RawMessage

// is reports whether a key holds exactly this text.
func (f fields) is(key, text string) bool {
	var value *string
	return json.Unmarshal(f[key], &value) == nil && value != nil && *value == text
}

// repeats refuses, as Invalid, a key that is there with another value than text.
func (f fields) repeats(key, text string) error {
	if _, sent := f[key]; sent && !f.is(key, text) {
		return fed.Errorf(fed.Invalid, "%s must be the one of the path.", key)
	}
	return nil
}

// path joins escaped segments.
func path(segments ...string) string {
	var b strings.Builder
	for _, segment := range segments {
		b.WriteString("/" + url.PathEscape(segment))
	}
	return b.String()
}
