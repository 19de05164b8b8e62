// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLineBytes is the longest line that is read: some thirty times the longest that is
// written.
const maxLineBytes = 1 << 20

// lineReader reads lines, and knows where it is.
type lineReader struct {
	in     *bufio.Reader
	offset int64 // behind the line that was read last
	ended  bool  // that line had its end
}

func newLineReader(in io.Reader) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(in, maxLineBytes)}
}

// reset reads another text, from an offset of it on.
func (r *lineReader) reset(in io.Reader, offset int64) {
	r.in.Reset(in)
	r.offset = offset
}

// next reads a line without its end. A line that is too long is nil. io.EOF comes with the
// last one if that has no end, else alone.
func (r *lineReader) next() ([]byte, error) {
	line, err := r.in.ReadSlice('\n')
	r.offset += int64(len(line))
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, r.skip()
	}

	r.ended = err == nil
	return bytes.TrimSuffix(line, []byte("\n")), err
}

// skip reads to the end of a line.
func (r *lineReader) skip() error {
	for {
		rest, err := r.in.ReadSlice('\n')
		r.offset += int64(len(rest))
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}

		r.ended = err == nil
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
}

// eachLine hands on lines without their ends until take gives an error, or the text ends.
// A line that is too long is handed on as nil.
func eachLine(in io.Reader, take func(line []byte) error) error {
	return newLineReader(in).each(take)
}

func (r *lineReader) each(take func(line []byte) error) error {
	for {
		line, err := r.next()
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return err
		}
		if ended && len(line) == 0 {
			return nil
		}

		if err := take(line); err != nil || ended {
			return err
		}
	}
}
