// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"thalamus/internal/record"
)

// writeAddress appends the address of a record, which is an object or a text.
func writeAddress(w *writer, key string, value []byte) {
	if text, ok := record.Text(value); ok {
		w.object(key, func() { w.text("text", text) })
		return
	}

	m := membersOf(value)
	w.object(key, func() {
		w.list("line", func() { w.text("", memberText(m["street"])+" "+memberText(m["number"])) })
		w.text("city", memberText(m["city"]))
		w.text("state", memberText(m["subdivision"]))
		w.text("postalCode", memberText(m["zip"]))
		w.text("country", memberText(m["country"]))
	})
}
