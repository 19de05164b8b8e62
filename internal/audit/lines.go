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

// eachLine hands on lines without their ends until take gives an error, or the text ends.
// A line that is too long is handed on as nil.
func eachLine(in io.Reader, take func(line []byte) error) error {
	lines := bufio.NewReaderSize(in, maxLineBytes)
	for {
		line, err := nextLine(lines)
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

// nextLine reads a line without its end. io.EOF comes with the last one if that has no
// end, else alone.
func nextLine(lines *bufio.Reader) ([]byte, error) {
	line, err := lines.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, skipLine(lines)
	}
	return bytes.TrimSuffix(line, []byte("\n")), err
}

// skipLine reads to the end of a line.
func skipLine(lines *bufio.Reader) error {
	for {
		_, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}
