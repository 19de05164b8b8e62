// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"strconv"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// AppendAccess appends an access as a JSON object. Only an auditor is told whose list had the person,
// and from which address and in which request it was asked for.
func AppendAccess(b []byte, a store.Access, auditor bool) []byte {
	b = append(a.Time.UTC().AppendFormat(append(b, `{"time":"`...), ChangeTime), '"')
	b = fed.AppendText(append(b, `,"account":`...), a.Account)
	b = appendUnlessEmpty(append(b, `,"name":`...), a.Name)
	b = append(b, `,"roles":[`...)
	for i, role := range a.Roles {
		if i > 0 {
			b = append(b, ',')
		}
		b = fed.AppendText(b, role)
	}

	b = fed.AppendText(append(b, `],"method":`...), a.Method)
	b = fed.AppendText(append(b, `,"endpoint":`...), a.Endpoint)
	b = appendUnlessEmpty(append(b, `,"page":`...), a.Page)
	b = appendUnlessEmpty(append(b, `,"document":`...), a.Document)
	b = fed.AppendText(append(b, `,"way":`...), string(a.Way))
	b = strconv.AppendInt(append(b, `,"status":`...), int64(a.Status), 10)
	b = strconv.AppendBool(append(b, `,"own":`...), a.Own)
	if auditor {
		b = appendUnlessEmpty(append(b, `,"person":`...), a.Person)
		b = appendUnlessEmpty(append(b, `,"request":`...), a.Request)
		b = appendUnlessEmpty(append(b, `,"address":`...), a.Address)
	}
	if a.Purpose != "" {
		b = fed.AppendText(append(b, `,"purpose":`...), a.Purpose)
	}
	if a.Emergency != "" {
		b = fed.AppendText(append(b, `,"emergency":`...), a.Emergency)
	}
	return append(b, '}')
}

// appendUnlessEmpty appends a text, or null.
func appendUnlessEmpty(b []byte, text string) []byte {
	if text == "" {
		return append(b, "null"...)
	}
	return fed.AppendText(b, text)
}
