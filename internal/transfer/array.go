// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import "io"

// nextElement reads the next element of the array.
func (r *records) nextElement() (text []byte, line int, err error) {
	c, err := r.beginning()
	line = r.line
	if err == nil && c == ']' {
		return nil, line, r.nothingFollows()
	}
	if err == nil {
		text, err = r.element(c)
	}
	if err == io.EOF { //nolint:errorlint // bufio's and ours
		r.ended = true
		err = errBroken
	}
	return text, line, err
}

// beginning gives the first byte of the next element, or ] behind the last one; as
// io.EOF, too, that there is something else.
func (r *records) beginning() (c byte, err error) {
	if c, err = r.skipSpace(); err != nil || c == ']' {
		return c, err
	}
	if r.began {
		if c != ',' {
			return 0, io.EOF
		}
		c, err = r.skipSpace()
	}
	r.began = true
	if c == ',' || c == ']' {
		return 0, io.EOF
	}
	return c, err
}

// nothingFollows gives io.EOF if the array is all there is.
func (r *records) nothingFollows() error {
	r.ended = true
	if _, err := r.skipSpace(); err != nil {
		return err
	}
	return errBroken
}

// element reads an element that begins with c, of which it keeps no more than the
// limit. It looks only for its end.
func (r *records) element(c byte) (text []byte, err error) {
	r.buf = r.buf[:0]
	size, in := 0, place{}
	for ; err == nil; c, err = r.in.ReadByte() {
		if in.open() && (c == ',' || c == ']') { // behind what is no object
			return r.buf, r.in.UnreadByte()
		}
		in.take(c)
		if c == '\n' {
			r.line++
		}
		if size++; size <= r.limit {
			r.buf = append(r.buf, c)
		}
		if in.open() && c == '}' {
			break
		}
	}
	if err == nil && size > r.limit {
		err = errTooLong
	}
	return r.buf, err
}

// place is where in a JSON value one is.
type place struct {
	depth           int
	quoted, escaped bool
}

// open reports whether it is outside of all brackets and quotes.
func (p place) open() bool { return p.depth == 0 && !p.quoted }

func (p *place) take(c byte) {
	switch {
	case p.escaped:
		p.escaped = false
	case p.quoted:
		p.quoted, p.escaped = c != '"', c == '\\'
	case c == '"':
		p.quoted = true
	case c == '{' || c == '[':
		p.depth++
	case c == '}' || c == ']':
		p.depth--
	}
}
