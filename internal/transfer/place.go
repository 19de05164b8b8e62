// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"bytes"

	"thalamus/internal/record"
)

// place is where in a JSON value reading is. It looks for the value's end, and only
// so far for what is wrong with it as to tell records apart that stand on lines.
type place struct {
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
func (p *place) scan(text []byte) (n int) {
	for n < len(text) && !p.ended && !p.broken {
		c := text[n]
		if p.depth == 0 && !p.quoted && (c == ',' || c == ']') {
			p.ended = true
			break
		}
		p.take(c)
		n++
		if p.quoted && !p.escaped {
			n += plain(text[n:])
		}
	}
	return n
}

// plain counts the bytes of a string up to the first that may mean something, as far as
// it is worth looking ahead.
func plain(text []byte) int {
	text = text[:min(len(text), 1<<10)]
	for _, c := range []byte("\"\\\n") {
		if i := bytes.IndexByte(text, c); i >= 0 {
			text = text[:i]
		}
	}
	return len(text)
}

// take goes one byte further.
func (p *place) take(c byte) {
	switch {
	case c == '\n':
		p.lines, p.escaped = p.lines+1, false
		p.broken = p.alone && p.quoted
		return
	case p.escaped:
		p.escaped = false
	case p.quoted:
		p.quoted, p.escaped = c != '"', c == '\\'
	case blank(c):
		return
	case c == '"':
		p.quoted = true
	case c == '{' || c == '[':
		p.open(c)
	case c == '}' || c == ']':
		p.depth--
		p.ended = p.depth <= 0
	}
	p.last = c
}

// open goes into an array or object. Where an object begins that cannot stand there, the
// one before has lost its end.
func (p *place) open(c byte) {
	misplaced := c == '{' && p.depth > 0 && bytes.IndexByte([]byte("[,:"), p.last) < 0
	p.depth++
	p.broken = p.alone && (misplaced || p.depth > record.MaxDepth && p.lines > 0)
}
