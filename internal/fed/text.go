// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import "encoding/json"

// AppendText appends a text as a JSON string, which most ids are as they stand.
func AppendText(b []byte, text string) []byte {
	if Plain(text) {
		return append(append(append(b, '"'), text...), '"')
	}
	quoted, _ := json.Marshal(text) // a text can always be
	return append(b, quoted...)
}

// Plain reports whether a text can stand in JSON as it is.
func Plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
