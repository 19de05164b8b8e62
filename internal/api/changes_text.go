// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"encoding/json"
	"strconv"

	"thalamus/internal/store"
)

// changeTime is how the time of a change is written, in UTC.
const changeTime = "2006-01-02T15:04:05.000000Z07:00"

// appendChange appends a change as a JSON object on one line.
func appendChange(b []byte, c store.Change, data bool) []byte {
	b, _ = c.Cursor.AppendText(append(b, `{"cursor":"`...)) // which never fails
	b = append(append(append(b, `","resource":"`...), c.Resource...), `","id":`...)
	b = appendJSON(b, &c.ID)
	b = appendJSON(append(b, `,"person":`...), c.Person)
	b = strconv.AppendInt(append(b, `,"version":`...), c.Version, 10)
	b = append(append(append(b, `,"operation":"`...), c.Operation...), `","time":"`...)
	b = c.Time.UTC().AppendFormat(b, changeTime)
	b = appendJSON(append(b, `","account":`...), c.Account)
	b = appendJSON(append(b, `,"node":`...), c.Node)
	switch {
	case !data:
	case c.Data == nil:
		b = append(b, `,"data":null`...)
	default:
		b = append(append(b, `,"data":`...), c.Data...)
	}
	return append(b, '}')
}

// appendJSON appends a text whole, or null.
func appendJSON(b []byte, text *string) []byte {
	if text == nil {
		return append(b, "null"...)
	}
	for i := range len(*text) {
		if c := (*text)[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(*text) // a text can always be
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), *text...), '"')
}
