// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// AppendEmergency appends the opening of a book as a JSON object.
func AppendEmergency(b []byte, e store.Emergency) []byte {
	b = fed.AppendText(append(b, `{"id":`...), e.ID)
	b = fed.AppendText(append(b, `,"person":`...), e.Person)
	b = fed.AppendText(append(b, `,"account":`...), e.Account)
	b = fed.AppendText(append(b, `,"purpose":`...), e.Purpose)
	b = fed.AppendText(append(b, `,"reason":`...), e.Reason)
	b = AppendTime(append(b, `,"time":`...), &e.Time)
	b = AppendTime(append(b, `,"until":`...), &e.Until)
	b = AppendTime(append(b, `,"reviewed":`...), e.Reviewed)
	b = AppendNullable(append(b, `,"reviewer":`...), e.Reviewer)
	return append(AppendNullable(append(b, `,"finding":`...), e.Finding), '}')
}

// AppendTime appends a time in UTC, or null.
func AppendTime(b []byte, at *time.Time) []byte {
	if at == nil {
		return append(b, "null"...)
	}
	return append(at.UTC().AppendFormat(append(b, '"'), ChangeTime), '"')
}
