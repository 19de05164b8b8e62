// SPDX-License-Identifier: GPL-3.0-or-later

package transfer

import (
	"bytes"
	"io"
)

// window is the part of a stream that is in memory: the record that is being read, and
// bytes behind it that came with it.
type window struct {
	in     io.Reader
	block  int // bytes of memory that it begins with
	text   []byte
	start  int // of the record; bytes before it are forgotten
	at     int // where reading goes on
	line   int // at the start, from 1
	indent int // blanks before the start on its line
}

// fill reads on. Slices of the text from before the call are void.
func (w *window) fill() error {
	if w.start > 0 {
		kept := copy(w.text, w.text[w.start:])
		w.text, w.at, w.start = w.text[:kept], w.at-w.start, 0
	}
	if len(w.text) == cap(w.text) {
		w.text = append(make([]byte, 0, max(2*len(w.text), w.block)), w.text...)
	}

	n, err := io.ReadAtLeast(w.in, w.text[len(w.text):cap(w.text)], 1)
	w.text = w.text[:len(w.text)+n]
	return err
}

// peek gives the next byte, which stays the next.
func (w *window) peek() (byte, error) {
	if w.at == len(w.text) {
		err := w.fill()
		if err != nil {
			return 0, err
		}
	}
	return w.text[w.at], nil
}

// skipBlanks gives the first byte that is no white space, and starts there.
func (w *window) skipBlanks() (byte, error) {
	for {
		w.start = w.at
		c, err := w.peek()
		if err != nil {
			return 0, err
		}

		switch {
		case c == '\n':
			w.line, w.indent = w.line+1, 0
		case blank(c):
			w.indent++
		default:
			return c, nil
		}
		w.at++
	}
}

// blank reports whether c is white space within a line.
func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

const byteOrderMark = "\uFEFF"

// skipByteOrderMark goes behind the mark, if there is one.
func (w *window) skipByteOrderMark() (skipped bool) {
	if w.text[w.at] != byteOrderMark[0] {
		return false
	}

	for len(w.text)-w.at < len(byteOrderMark) {
		err := w.fill()
		if err != nil { // it comes again
			break
		}
	}

	if !bytes.HasPrefix(w.text[w.at:], []byte(byteOrderMark)) {
		return false
	}
	w.at += len(byteOrderMark)
	return true
}

// untilLineEnd goes to the end of the line or of the stream, or beyond so many bytes.
func (w *window) untilLineEnd(most int) {
	for !w.findLineEnd() && w.at-w.start <= most {
		err := w.fill()
		if err != nil { // it comes again
			return
		}
	}
}

// skipLine goes to the end of the line on which it starts, and keeps nothing of it.
func (w *window) skipLine() {
	w.at = w.start
	for !w.findLineEnd() {
		w.start = w.at
		err := w.fill()
		if err != nil { // it comes again
			return
		}
	}
}

// findLineEnd goes to the end of the line, or else of the text.
func (w *window) findLineEnd() (found bool) {
	end := bytes.IndexByte(w.text[w.at:], '\n')
	if end < 0 {
		w.at = len(w.text)
		return false
	}

	w.at += end
	return true
}
