// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"encoding/json"

	"thalamus/internal/record"
)

// memberText is a value of a record as a text: a text as it is, null as "", anything else as JSON.
func memberText(value []byte) string {
	if record.IsNull(value) {
		return ""
	}
	if value[0] != '"' {
		return string(value)
	}
	if text, ok := record.Text(value); ok {
		return text
	}

	var text string
	_ = json.Unmarshal(value, &text) // it is stored, and so it is one
	return text
}

// members are the values of a record by their keys, as JSON.
type members map[string][]byte

func membersOf(data []byte) members {
	all := members{}
	record.Members(data, func(key, value []byte) { all[string(key)] = value })
	return all
}

// text is a member that is a text; "" if it is anything else.
func (m members) text(key string) string {
	text, _ := record.Text(m[key])
	return text
}
