// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/netip"
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

// recordLine is one line of the access record.
type recordLine struct {
	account        string
	roles          []string // that granted the access; of a refusal, all of the account
	method         string
	endpoint       access.Endpoint
	person         string // "": about nobody, or about all
	page, document string // "": about none
	status         int
	request        string
	address        netip.Addr
}

// write writes the line, whole.
func (l *recordLine) write(to Recorder) error {
	buffer, _ := recordLines.Get().(*[]byte)
	defer recordLines.Put(buffer)
	*buffer = l.append((*buffer)[:0])
	_, err := to.Write(*buffer)
	return err
}

// append appends the line. What the path and the caller bring is cut, and escaped, so
// that it is one line of JSON whatever it is.
func (l *recordLine) append(b []byte) []byte {
	b = append(b, `{"time":"`...)
	b = time.Now().UTC().AppendFormat(b, recordTime)
	b = appendText(append(b, `","account":`...), l.account)
	b = appendTexts(append(b, `,"roles":`...), l.roles)
	b = appendText(append(b, `,"method":`...), l.method)
	b = appendText(append(b, `,"endpoint":`...), string(l.endpoint))
	b = appendID(b, `,"person":`, l.person)
	b = appendID(b, `,"page":`, l.page)
	b = appendID(b, `,"document":`, l.document)
	b = strconv.AppendInt(append(b, `,"status":`...), int64(l.status), 10)
	b = appendText(append(b, `,"request":`...), l.request)
	b = appendText(append(b, `,"address":`...), l.address.String())
	return append(b, "}\n"...)
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
