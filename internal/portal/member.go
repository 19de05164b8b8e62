// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"bytes"
	"encoding/json"
)

// memberText is the value of a member as people read it: a text as it is, null as "", anything
// else as JSON.
func memberText(value []byte) string {
	var text string
	switch {
	case bytes.Equal(value, []byte("null")):
		return ""
	case json.Unmarshal(value, &text) == nil:
		return text
	default:
		return string(value)
	}
}
