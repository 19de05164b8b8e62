// SPDX-License-Identifier: GPL-3.0-or-later

// Package logging makes the program's log, and buffers it.
package logging

import (
	"bytes"
	"io"
	"log/slog"
	"unicode/utf8"

	"thalamus/internal/config"
	"thalamus/internal/record"
)

// New makes the log that the configuration describes.
func New(c config.Log, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.Level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(escapingWriter{out}, options))
	}
	return slog.New(slog.NewTextHandler(out, options)) // it escapes what cannot be seen
}

// escapingWriter escapes, in lines of JSON, characters that cannot be seen, by which
// one id would look like another, or a line would read in another order.
type escapingWriter struct{ io.Writer }

// Write is io.Writer's.
func (w escapingWriter) Write(line []byte) (int, error) {
	if bytes.IndexFunc(line, hidden) < 0 { // as nearly all
		return w.Writer.Write(line)
	}

	var escaped []byte
	for _, c := range string(line) {
		if hidden(c) {
			escaped = record.AppendEscaped(escaped, c)
		} else {
			escaped = utf8.AppendRune(escaped, c)
		}
	}

	if _, err := w.Writer.Write(escaped); err != nil {
		return 0, err
	}
	return len(line), nil
}

// hidden reports whether a character cannot be seen; a line's end can.
func hidden(c rune) bool { return c != '\n' && record.IsInvisible(c) }
