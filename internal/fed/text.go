// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import "encoding/json"

// AppendText appends a text as a JSON string, which most ids are as they stand.
func AppendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(text) // a text can always be
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}
