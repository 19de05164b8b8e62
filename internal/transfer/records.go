// SPDX-License-Identifier: GPL-3.0-or-later

// Package transfer moves a federation's records from files into the database and
// back. Nothing in it holds more than a few records' worth of memory.
package transfer

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// records splits a stream into the texts of its records: its lines, or the
// elements of the one array that it is.
type records struct {
	in    *bufio.Reader
	limit int // bytes of a record
	line  int // the current one, from 1
	buf   []byte
	array bool
	began bool // the array has had an element
	ended bool
}

var (
	errTooLong = fed.Errorf(fed.TooLarge, "the record is too long")
	errBroken  = fed.Errorf(fed.Malformed, "the array is broken here, and nothing behind it was read")
)

func newRecords(source io.Reader, limit int) (*records, error) {
	r := &records{in: bufio.NewReaderSize(source, 256<<10), limit: limit, line: 1}
	if mark, _ := r.in.Peek(3); string(mark) == "\uFEFF" {
		_, _ = r.in.Discard(3)
	}
	c, err := r.skipSpace()
	if err == io.EOF { //nolint:errorlint // bufio gives it as it is
		r.ended = true
		return r, nil
	}
	if r.array = c == '['; !r.array && err == nil {
		err = r.in.UnreadByte()
	}
	return r, err
}

// next gives the text of the next record, which is valid until the next call, and
// the line on which it begins; io.EOF at the end. After errTooLong and errBroken
// it can be called again.
func (r *records) next() (text []byte, line int, err error) {
	switch {
	case r.ended:
		return nil, r.line, io.EOF
	case r.array:
		return r.nextElement()
	}
	for err == nil && len(text) == 0 && !r.ended {
		line = r.line
		text, err = r.nextLine()
		text = bytes.Trim(text, record.Blanks)
	}
	if err == nil && len(text) == 0 {
		err = io.EOF
	}
	return text, line, err
}

// nextLine reads a line, of which it keeps no more than the limit.
func (r *records) nextLine() (line []byte, err error) {
	r.buf = r.buf[:0]
	for tooLong := false; ; {
		piece, err := r.in.ReadSlice('\n')
		if tooLong = tooLong || len(r.buf)+len(piece) > r.limit; !tooLong {
			r.buf = append(r.buf, piece...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return r.endLine(tooLong, err)
		}
	}
}

func (r *records) endLine(tooLong bool, err error) ([]byte, error) {
	if r.ended = errors.Is(err, io.EOF); err != nil && !r.ended {
		return nil, err
	}
	r.line++
	if tooLong {
		return nil, errTooLong
	}
	return r.buf, nil
}

// skipSpace gives the next byte that is no white space.
func (r *records) skipSpace() (c byte, err error) {
	for {
		if c, err = r.in.ReadByte(); err != nil {
			return 0, err
		}
		switch c {
		case '\n':
			r.line++
		case ' ', '\t', '\r':
		default:
			return c, nil
		}
	}
}
