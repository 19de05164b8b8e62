// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"bytes"
	"strconv"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// ChangeTime is the format of the time of a change, in UTC.
const ChangeTime = "2006-01-02T15:04:05.000000Z07:00"

// AppendChange appends a change as a JSON object on one line.
func AppendChange(b []byte, c store.Change, data bool) []byte {
	b, _ = c.Cursor.AppendText(append(b, `{"cursor":"`...)) // which never fails
	b = append(append(append(b, `","resource":"`...), c.Resource...), `","id":`...)
	b = fed.AppendText(b, c.ID)
	b = AppendNullable(append(b, `,"person":`...), c.Person)
	b = strconv.AppendInt(append(b, `,"version":`...), c.Version, 10)
	b = append(append(append(b, `,"operation":"`...), c.Operation...), `","time":"`...)
	b = c.Time.UTC().AppendFormat(b, ChangeTime)
	b = AppendNullable(append(b, `","account":`...), c.Account)
	b = AppendNullable(append(b, `,"node":`...), c.Node)

	switch {
	case !data:
	case c.Data == nil:
		b = append(b, `,"data":null`...)
	default:
		b = append(append(b, `,"data":`...), c.Data...)
	}

	return append(b, '}')
}

// HistoryText is a change of a record's history as a JSON object: without the cursor of the feed,
// with which nobody can go on there.
func HistoryText(e store.HistoryEntry) []byte {
	_, text, _ := bytes.Cut(AppendChange(nil, e.Change, true), []byte(","))
	return append([]byte("{"), text...)
}

// AppendNullable appends a text, or null.
func AppendNullable(b []byte, text *string) []byte {
	if text == nil {
		return append(b, "null"...)
	}
	return fed.AppendText(b, *text)
}
