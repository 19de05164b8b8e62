// SPDX-License-Identifier: GPL-3.0-or-later

// Package transfer moves a federation's records from files into the database and
// back. Nothing in it holds more than a few records' worth of memory.
package transfer

import (
	"io"

	"thalamus/internal/fed"
)

// records splits a stream into the texts of its records: objects that stand one behind
// the other, each on as many lines as it likes, or in arrays, however they are nested.
type records struct {
	window
	limit  int  // bytes of a record
	record int  // the current one, from 1
	arrays int  // that are open
	last   byte // in an array: its beginning, a comma, or the end of an element
	ended  bool
}

// spot is where a record begins in its file.
type spot struct{ line, record int } // both from 1

var (
	errTooLong = fed.Errorf(fed.TooLarge, "the record is too long")
	errBroken  = fed.Errorf(fed.Malformed, "the array is broken here, and nothing behind it was read")
)

func newRecords(source io.Reader, limit int) *records {
	return &records{window: window{in: source, line: 1}, limit: limit}
}

// next gives the text of the next record, which is valid until the next call, and
// where it begins; io.EOF at the end. After a refusal it can be called again.
func (r *records) next() (text []byte, at spot, err error) {
	c, err := r.begin()
	r.record++
	at = spot{r.line, r.record}
	switch {
	case err != nil:
	case r.arrays > 0:
		text, err = r.element()
	case c == '{':
		text, err = r.object()
	default:
		text, err = r.noRecord()
	}
	return text, at, err
}

const endOfElement = '}'

// begin goes to the next record, into arrays and out of them, and gives its first byte.
func (r *records) begin() (c byte, err error) {
	for !r.ended {
		if c, err = r.skipBlanks(); err != nil {
			return 0, r.atEnd(err)
		}
		marked := r.arrays == 0 && r.skipMark()
		switch {
		case marked:
		case r.separates(c):
			r.at++
		case r.misplaced(c):
			return 0, r.breakOff()
		default:
			return c, nil
		}
	}
	return 0, io.EOF
}

// separates takes what stands between records: arrays and their commas.
func (r *records) separates(c byte) bool {
	switch {
	case c == '[' && !r.behindElement():
		r.arrays++
		r.last = c
	case c == ']' && r.arrays > 0 && r.last != ',':
		r.arrays--
		r.last = endOfElement
	case c == ',' && r.behindElement():
		r.last = c
	default:
		return false
	}
	return true
}

// misplaced reports whether neither an element nor what separates them can begin so here.
func (r *records) misplaced(c byte) bool {
	return r.behindElement() || r.arrays > 0 && (c == ',' || c == ']')
}

func (r *records) behindElement() bool { return r.arrays > 0 && r.last == endOfElement }

// atEnd says whether the stream may end here.
func (r *records) atEnd(err error) error {
	if err == io.EOF && r.arrays > 0 { //nolint:errorlint // the window gives it as it is
		return r.breakOff()
	}
	return err
}

// breakOff gives up the rest of the stream: nobody knows where in it records begin.
func (r *records) breakOff() error {
	r.ended = true
	return errBroken
}

// element reads an element of an array, of which it keeps no more than the limit.
func (r *records) element() (text []byte, err error) {
	in, size := place{}, 0
	for !in.ended {
		if _, err := r.peek(); err != nil {
			return nil, r.atEnd(err)
		}
		n := in.scan(r.text[r.at:])
		r.at, size = r.at+n, size+n
		if size > r.limit {
			r.start = r.at
		}
	}
	r.line += in.lines
	r.last = endOfElement
	if size > r.limit {
		return nil, errTooLong
	}
	return r.text[r.start:r.at], nil
}

// object reads an object outside of arrays. One that has no end may have lost it, and
// takes no others with it.
func (r *records) object() (text []byte, err error) {
	in := place{alone: true}
	for !in.ended {
		if r.at-r.start > r.limit {
			return nil, r.giveUp(errTooLong)
		}
		_, err = r.peek()
		switch {
		case err == io.EOF || in.broken: //nolint:errorlint // the window gives it as it is
			return nil, r.giveUp(errNoObject)
		case err != nil:
			return nil, err
		}
		r.at += in.scan(r.text[r.at:])
	}
	size := r.at - r.start
	switch {
	case size > r.limit:
		return nil, r.giveUp(errTooLong)
	case !r.nothingElse():
		return nil, r.giveUp(errNoObject)
	}
	r.line += in.lines
	return r.text[r.start : r.start+size], nil
}

// nothingElse reports whether only records follow on the line.
func (r *records) nothingElse() bool {
	for ; ; r.at++ {
		c, err := r.peek()
		switch {
		case err != nil:
			return true
		case blank(c):
		default:
			return c == '\n' || c == '{' || c == '[' || c == byteOrderMark[0]
		}
	}
}

// giveUp goes on at the next line that can begin a record: one that is no further in
// than the one that is refused.
func (r *records) giveUp(refusal *fed.Error) error {
	indent := r.indent
	for {
		r.skipLine()
		c, err := r.skipBlanks()
		if err != nil || r.indent <= indent && (c == '{' || c == '[') {
			return refusal
		}
	}
}

// noRecord gives the line that begins as no record does.
func (r *records) noRecord() (text []byte, err error) {
	r.untilLineEnd(r.limit)
	if r.at-r.start > r.limit {
		r.skipLine()
		return nil, errTooLong
	}
	return r.text[r.start:r.at], nil
}
