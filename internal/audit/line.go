// SPDX-License-Identifier: GPL-3.0-or-later

// Package audit keeps the access record: who has read what of whom, and who was
// refused.
package audit

import (
	"net/netip"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

const (
	lineTime  = "2006-01-02T15:04:05.000Z07:00"
	mostRoles = 16 // the most that a line names: stored roles may be any number
)

// lineBuffers are used again.
var lineBuffers = sync.Pool{New: func() any { return new([]byte) }}

// Line is one line of the access record.
type Line struct {
	Account        string
	Roles          []string // that granted the access; of a refusal, all of the account
	Method         string
	Endpoint       string
	Person         string // "": about nobody, or about all
	Page, Document string // "": about none
	Status         int
	Request        string
	Address        netip.Addr
}

// Recorder keeps the lines.
type Recorder interface {
	// Write adds one line, whole, and has it out of this process before it returns.
	Write(line []byte) (int, error)
	// Broken reports whether the last line could not be written.
	Broken() bool
}

// WriteTo writes the line, whole.
func (l *Line) WriteTo(to Recorder) error {
	buffer, _ := lineBuffers.Get().(*[]byte)
	defer lineBuffers.Put(buffer)
	*buffer = l.append((*buffer)[:0])
	_, err := to.Write(*buffer)
	return err
}

// append appends the line. What the path and the caller bring is cut, and escaped, so
// that it is one line of JSON whatever it is.
func (l *Line) append(b []byte) []byte {
	b = append(b, `{"time":"`...)
	b = time.Now().UTC().AppendFormat(b, lineTime)
	b = appendText(append(b, `","account":`...), l.Account)
	b = appendTexts(append(b, `,"roles":`...), l.Roles)
	b = appendText(append(b, `,"method":`...), l.Method)
	b = appendText(append(b, `,"endpoint":`...), l.Endpoint)
	b = appendID(b, `,"person":`, l.Person)
	b = appendID(b, `,"page":`, l.Page)
	b = appendID(b, `,"document":`, l.Document)
	b = strconv.AppendInt(append(b, `,"status":`...), int64(l.Status), 10)
	b = appendText(append(b, `,"request":`...), l.Request)
	b = appendText(append(b, `,"address":`...), l.Address.String())
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
	for i, text := range texts[:min(len(texts), mostRoles)] {
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
		if n == fed.LongestID {
			b = append(b, "…"...)
			break
		}
		n++
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
