// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"cmp"
	"net/http"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/record"
)

const (
	recordTime  = "2006-01-02T15:04:05.000Z07:00"
	recordRoles = 16 // the most that a line names: stored roles may be any number
)

// recordLines are used again.
var recordLines = sync.Pool{New: func() any { return new([]byte) }}

// line appends the line about a reply of this status. What the path and the
// caller bring is cut, and escaped, so that it is one line of JSON whatever it is.
func (v *visit) line(b []byte, ev *event, status int) []byte {
	b = append(b, `{"time":"`...)
	b = time.Now().UTC().AppendFormat(b, recordTime)
	b = appendText(append(b, `","account":`...), ev.account.ID)
	person := v.person()
	b = appendTexts(append(b, `,"roles":`...), v.roles(ev, status, person))
	b = appendText(append(b, `,"method":`...), v.request.Method)
	b = appendText(append(b, `,"endpoint":`...), string(v.endpoint))
	b = appendID(b, `,"person":`, person)
	b = appendID(b, `,"page":`, param(v.request, "page"))
	b = appendID(b, `,"document":`, param(v.request, "document"))
	b = strconv.AppendInt(append(b, `,"status":`...), int64(status), 10)
	b = appendText(append(b, `,"request":`...), ev.id)
	b = appendText(append(b, `,"address":`...), ev.from.String())
	return append(b, "}\n"...)
}

// roles gives the roles that granted the access; of a refusal, all that the
// caller has.
func (v *visit) roles(ev *event, status int, person string) []string {
	if status == http.StatusForbidden {
		return ev.account.Roles
	}
	return v.policy.Granting(ev.account.Roles, v.method, v.endpoint, person == "" || person == ev.account.ID)
}

// person gives whom the line is about, or "". The changes of one person are asked for
// with a filter, which says whom as a path would; nothing else of a query is recorded.
func (v *visit) person() string {
	switch {
	case v.instead != "":
		return v.instead
	case v.endpoint == access.Changes:
		return cmp.Or(v.subject, v.request.URL.Query().Get("person"))
	}
	return param(v.request, "person")
}

func appendID(b []byte, name, id string) []byte {
	if id == "" {
		return b
	}
	return appendText(append(b, name...), id)
}

func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, text := range texts[:min(len(texts), recordRoles)] {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, text)
	}
	return append(b, ']')
}

// appendText appends a JSON string of at most fed.LongestID characters and, where it
// was cut, an ellipsis. What is not UTF-8 is replaced.
func appendText(b []byte, text string) []byte {
	if len(text) <= fed.LongestID && fed.Plain(text) { // as nearly all
		return append(append(append(b, '"'), text...), '"')
	}
	b = append(b, '"')
	n := 0
	for _, c := range text {
		if n++; n > fed.LongestID {
			b = append(b, "…"...)
			break
		}
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', byte(c))
		case record.Unseen(c) || c == '\u2028' || c == '\u2029': // some readers end lines there
			b = record.AppendEscaped(b, c)
		default:
			b = utf8.AppendRune(b, c)
		}
	}
	return append(b, '"')
}
