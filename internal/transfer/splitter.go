// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"io"

	"thalamus/internal/fed"
)

// splitter splits a stream into the texts of its records: objects that stand one behind
// the other, each on as many lines as it likes, or in arrays, however they are nested.
type splitter struct {
	window
	limit  int  // bytes of a record
	record int  // the current one, from 1
	arrays int  // that are open
	last   byte // in an array: its beginning, a comma, or the end of an element
	ended  bool
}

// position is where a record begins in its file.
type position struct{ line, record int } // both from 1

var (
	errTooLong = fed.Errorf(fed.TooLarge, "the record is too long")
	errBroken  = fed.Errorf(fed.Malformed, "the array is broken here, and nothing behind it was read")
)

func newSplitter(source io.Reader, limit int) *splitter {
	return &splitter{window: window{in: source, block: blockSize, line: 1}, limit: limit}
}

// next gives the text of the next record, which is valid until the next call, and
// where it begins; io.EOF at the end. After a refusal it can be called again.
func (s *splitter) next() (text []byte, at position, err error) {
	c, err := s.begin()
	s.record++
	at = position{s.line, s.record}
	if err != nil {
		return nil, at, err
	}

	switch {
	case s.arrays > 0:
		text, err = s.element()
	case c == '{':
		text, err = s.object()
	default:
		text, err = s.strayLine()
	}
	return text, at, err
}

// endOfElement is the last byte behind any element.
const endOfElement = '}'

// begin goes to the next record, into arrays and out of them, and gives its first byte.
func (s *splitter) begin() (byte, error) {
	for !s.ended {
		c, err := s.skipBlanks()
		if err != nil {
			return 0, s.atEnd(err)
		}

		marked := s.arrays == 0 && s.skipByteOrderMark()
		switch {
		case marked:
		case s.separates(c):
			s.at++
		case s.misplaced(c):
			return 0, s.breakOff()
		default:
			return c, nil
		}
	}
	return 0, io.EOF
}

// separates takes a byte between records: of arrays and their commas.
func (s *splitter) separates(c byte) bool {
	switch {
	case c == '[' && !s.afterElement():
		s.arrays++
		s.last = c
	case c == ']' && s.arrays > 0 && s.last != ',':
		s.arrays--
		s.last = endOfElement
	case c == ',' && s.afterElement():
		s.last = c
	default:
		return false
	}
	return true
}

// misplaced reports whether no element and no separator can begin so here.
func (s *splitter) misplaced(c byte) bool {
	return s.afterElement() || s.arrays > 0 && (c == ',' || c == ']')
}

func (s *splitter) afterElement() bool { return s.arrays > 0 && s.last == endOfElement }

// atEnd says whether the stream may end here.
func (s *splitter) atEnd(err error) error {
	if err == io.EOF && s.arrays > 0 { //nolint:errorlint // the window gives it as it is
		return s.breakOff()
	}
	return err
}

// breakOff gives up the rest of the stream: no one can tell where in it records begin.
func (s *splitter) breakOff() error {
	s.ended = true
	return errBroken
}

// element reads an element of an array, of which it keeps no more than the limit.
func (s *splitter) element() (text []byte, err error) {
	in, size := scanner{}, 0
	for !in.ended {
		_, err := s.peek()
		if err != nil {
			return nil, s.atEnd(err)
		}

		n := in.scan(s.text[s.at:])
		s.at, size = s.at+n, size+n
		if size > s.limit {
			s.start = s.at
		}
	}

	s.line += in.lines
	s.last = endOfElement
	if size > s.limit {
		return nil, errTooLong
	}

	return s.text[s.start:s.at], nil
}

// object reads an object outside of arrays. One that has no end may have lost it, and
// takes no others with it.
func (s *splitter) object() (text []byte, err error) {
	in := scanner{alone: true}
	for !in.ended {
		if s.at-s.start > s.limit {
			return nil, s.resync(errTooLong)
		}

		_, err = s.peek()
		switch {
		case err == io.EOF || in.broken: //nolint:errorlint // the window gives it as it is
			return nil, s.resync(errNoObject)
		case err != nil:
			return nil, err
		}
		s.at += in.scan(s.text[s.at:])
	}

	size := s.at - s.start
	switch {
	case size > s.limit:
		return nil, s.resync(errTooLong)
	case !s.endsLine():
		return nil, s.resync(errNoObject)
	}

	s.line += in.lines
	return s.text[s.start : s.start+size], nil
}

// endsLine reports whether the line ends here, or goes on with another record.
func (s *splitter) endsLine() bool {
	for ; ; s.at++ {
		c, err := s.peek()
		switch {
		case err != nil:
			return true
		case blank(c):
		default:
			return c == '\n' || c == '{' || c == '[' || c == byteOrderMark[0]
		}
	}
}

// resync goes on at the next line that can begin a record: one that is indented no
// more than the refused one.
func (s *splitter) resync(refusal *fed.Error) error {
	indent := s.indent
	for {
		s.skipLine()
		c, err := s.skipBlanks()
		if err != nil || s.indent <= indent && (c == '{' || c == '[') {
			return refusal
		}
	}
}

// strayLine gives a line that begins as no record does.
func (s *splitter) strayLine() (text []byte, err error) {
	s.untilLineEnd(s.limit)
	if s.at-s.start > s.limit {
		s.skipLine()
		return nil, errTooLong
	}

	return s.text[s.start:s.at], nil
}
