// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/json"
	"net/url"
	"strings"

	"thalamus/internal/fed"
)

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
