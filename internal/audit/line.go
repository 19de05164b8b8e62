// SPDX-License-Identifier: GPL-3.0-or-later

// Package audit keeps the access record: a line for each access of an account to a person's
// records, given or refused. It writes the record to a file, and finds the accesses to a
// person in that file and the rotated ones.
//
// An Index copies the lines into the database within two seconds. A face reads the accesses to a
// person there, the newest first:
//
//	db.For(c.Reader()).Accesses(ctx, store.AccessQuery{Person: c.Subject, Others: true},
//		store.Keyset[store.AccessKey]{Limit: 25}, flow, func(a store.Access) error { ... })
//
// gate.Caller.AccessIndexed reports whether the record is kept so; one on standard output is not.
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
	lineTime = "2006-01-02T15:04:05.000Z07:00"
	maxRoles = 16 // in a line: stored roles may be any number

	maxPersons      = 1000     // of a list in a line
	maxPersonsBytes = 32 << 10 // after which a line names no more persons: journald cuts lines of 48 KiB

	maxReusedBuffer = 64 << 10 // bytes; a larger one is not used again
)

// lineBuffers are used again.
var lineBuffers = sync.Pool{New: func() any { return new([]byte) }}

// Line is one line of the access record.
type Line struct {
	Account        string
	Roles          []string // that granted the access; of a refusal, all of the account
	Method         string
	Endpoint       string
	Person         string   // "": about nobody, or about all
	Page, Document string   // "": about none
	Persons        *Persons // in a list; nil: the reply is no list of persons
	Status         int
	Request        string
	Address        netip.Addr
	Purpose        string // of PurposeOfUse; "": none was given
	Emergency      string // in which the account has the person's book open; "": in none
}

// Persons is the persons in a list: everybody, or these.
type Persons struct {
	All bool
	IDs []string
}

// Recorder keeps the lines.
type Recorder interface {
	// Write adds whole lines, and has them out of this process before it returns.
	Write(line []byte) (int, error)
	// Broken reports whether the last line could not be written.
	Broken() bool
	// Indexed reports whether the lines are found again by person.
	Indexed() bool
}

// WriteTo writes the line, whole. A list of very many persons becomes several lines, which
// are equal but for the persons.
func (l *Line) WriteTo(to Recorder) error {
	buffer, _ := lineBuffers.Get().(*[]byte)
	*buffer = l.append((*buffer)[:0])
	_, err := to.Write(*buffer)

	if cap(*buffer) <= maxReusedBuffer {
		lineBuffers.Put(buffer)
	}

	return err
}

func (l *Line) append(b []byte) []byte {
	now := time.Now().UTC()
	var persons []string
	if l.Persons != nil {
		persons = l.Persons.IDs
	}

	b, persons = l.appendLine(b, now, persons)
	for len(persons) > 0 {
		b, persons = l.appendLine(b, now, persons)
	}

	return b
}

// appendLine appends a line with the first of these persons, and gives the rest. Values
// from the path and the caller are cut, and escaped, so that the line is one line of JSON
// whatever they are.
func (l *Line) appendLine(b []byte, now time.Time, persons []string) (line []byte, rest []string) {
	b = append(b, `{"time":"`...)
	b = now.AppendFormat(b, lineTime)
	b = appendText(append(b, `","account":`...), l.Account)
	b = appendTexts(append(b, `,"roles":`...), l.Roles)
	b = appendText(append(b, `,"method":`...), l.Method)
	b = appendText(append(b, `,"endpoint":`...), l.Endpoint)
	b = appendID(b, `,"person":`, l.Person)
	b = appendID(b, `,"page":`, l.Page)
	b = appendID(b, `,"document":`, l.Document)
	b, rest = l.appendPersons(b, persons)
	b = strconv.AppendInt(append(b, `,"status":`...), int64(l.Status), 10)
	b = appendText(append(b, `,"request":`...), l.Request)
	b = appendText(append(b, `,"address":`...), l.Address.String())
	b = appendID(b, `,"purpose":`, l.Purpose)
	b = appendID(b, `,"emergency":`, l.Emergency)
	return append(b, "}\n"...), rest
}

// appendPersons appends the first of these persons, and gives the rest.
func (l *Line) appendPersons(b []byte, persons []string) (line []byte, rest []string) {
	switch {
	case l.Persons == nil:
		return b, nil
	case l.Persons.All:
		return append(b, `,"persons":"all"`...), nil
	}

	b = append(b, `,"persons":[`...)
	start, n := len(b), 0
	for n < min(len(persons), maxPersons) && len(b)-start < maxPersonsBytes {
		if n > 0 {
			b = append(b, ',')
		}
		b = appendText(b, persons[n])
		n++
	}

	return append(b, ']'), persons[n:]
}

func appendID(b []byte, name, id string) []byte {
	if id == "" {
		return b
	}
	return appendText(append(b, name...), id)
}

func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, text := range texts[:min(len(texts), maxRoles)] {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, text)
	}

	return append(b, ']')
}

// appendText appends a JSON string of at most fed.LongestID characters and, where it
// was cut, an ellipsis. Bytes that are not UTF-8 are replaced.
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
		case record.IsInvisible(c) || c == '\u2028' || c == '\u2029': // some readers end lines there
			b = record.AppendEscaped(b, c)
		default:
			b = utf8.AppendRune(b, c)
		}
	}

	return append(b, '"')
}
