// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"bytes"

	"thalamus/internal/record"
)

// scanner looks for the end of a JSON value. It finds only the faults that tell
// records on lines of their own apart.
type scanner struct {
	alone           bool // outside of arrays, where the next record may begin on the next line
	depth           int
	quoted, escaped bool
	last            byte // that is no blank
	lines           int  // whose ends were passed
	ended           bool
	broken          bool // alone, and no JSON
}

// scan reads on to the end of the value, or to where it is found broken, and gives the
// number of bytes up to there. A value that is no object ends before a comma or bracket.
func (s *scanner) scan(text []byte) (n int) {
	for n < len(text) && !s.ended && !s.broken {
		c := text[n]
		if s.depth == 0 && !s.quoted && (c == ',' || c == ']') {
			s.ended = true
			break
		}

		s.step(c)
		n++
		if s.quoted && !s.escaped {
			n += plainBytes(text[n:])
		}
	}
	return n
}

// plainBytes counts the bytes of a string up to the first that may mean something, as
// far as it is worth looking ahead.
func plainBytes(text []byte) int {
	text = text[:min(len(text), 1<<10)]
	for _, c := range []byte("\"\\\n") {
		i := bytes.IndexByte(text, c)
		if i >= 0 {
			text = text[:i]
		}
	}
	return len(text)
}

// step takes the next byte.
func (s *scanner) step(c byte) {
	switch {
	case c == '\n':
		s.lines, s.escaped = s.lines+1, false
		s.broken = s.alone && s.quoted
		return
	case s.escaped:
		s.escaped = false
	case s.quoted:
		s.quoted, s.escaped = c != '"', c == '\\'
	case blank(c):
		return
	case c == '"':
		s.quoted = true
	case c == '{' || c == '[':
		s.open(c)
	case c == '}' || c == ']':
		s.depth--
		s.ended = s.depth <= 0
	}

	s.last = c
}

// open goes into an array or object. Where an object begins that cannot stand there, the
// one before has lost its end.
func (s *scanner) open(c byte) {
	misplaced := c == '{' && s.depth > 0 && bytes.IndexByte([]byte("[,:"), s.last) < 0
	s.depth++
	s.broken = s.alone && (misplaced || s.depth > record.MaxDepth && s.lines > 0)
}
