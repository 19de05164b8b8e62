// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
	"unicode/utf8"

	"thalamus/internal/config"
	"thalamus/internal/record"
)

// newLog makes the log that the configuration describes.
func newLog(c config.Log, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.Level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(seenWriter{out}, options))
	}
	return slog.New(slog.NewTextHandler(out, options)) // it escapes what cannot be seen
}

// seenWriter takes lines of JSON and escapes characters that cannot be seen, by which
// one id would look like another, or a line would read in another order.
type seenWriter struct{ io.Writer }

// Write is io.Writer's.
func (w seenWriter) Write(line []byte) (int, error) {
	if bytes.IndexFunc(line, hidden) < 0 { // as nearly all
		return w.Writer.Write(line)
	}

	var seen []byte
	for _, c := range string(line) {
		if hidden(c) {
			seen = record.AppendEscaped(seen, c)
		} else {
			seen = utf8.AppendRune(seen, c)
		}
	}

	if _, err := w.Writer.Write(seen); err != nil {
		return 0, err
	}
	return len(line), nil
}

// hidden reports whether a character cannot be seen; a line's end can.
func hidden(c rune) bool { return c != '\n' && record.IsInvisible(c) }

const (
	lateness  = 100 * time.Millisecond
	muchToLog = 1000 // records
)

// lateLog collects what is to be logged for a moment, and writes it at once: done with
// each request, it would be a tenth of what that costs. It must be flushed at the end.
type lateLog struct {
	writing sync.Mutex
	out     *bufio.Writer // of the handlers; used by who writes

	mu      sync.Mutex
	records []lateRecord
	spare   []lateRecord // room for the next ones
	waiting bool         // a flush is due
}

type lateRecord struct {
	handler slog.Handler
	record  slog.Record
}

func newLateLog(out io.Writer) *lateLog { return &lateLog{out: bufio.NewWriterSize(out, 64<<10)} }

// logger makes one whose records come late. What log itself writes goes to l.out.
func (l *lateLog) logger(log *slog.Logger) *slog.Logger {
	return slog.New(lateHandler{log.Handler(), l})
}

func (l *lateLog) add(handler slog.Handler, record slog.Record) {
	l.mu.Lock()
	l.records = append(l.records, lateRecord{handler, record})
	much := len(l.records) >= muchToLog
	if !l.waiting {
		l.waiting = true
		time.AfterFunc(lateness, l.flush)
	}

	l.mu.Unlock()
	if much {
		l.flush() // who logs waits, where the log is slow
	}
}

// flush writes what there is. That the log is broken can be told nowhere.
func (l *lateLog) flush() {
	l.writing.Lock()
	defer l.writing.Unlock()

	l.mu.Lock()
	records := l.records
	l.records, l.waiting = l.spare, false
	l.mu.Unlock()

	for _, late := range records {
		_ = late.handler.Handle(context.Background(), late.record)
	}

	_ = l.out.Flush()
	clear(records)
	l.spare = records[:0]
}

// lateHandler hands records to another handler, but late.
type lateHandler struct {
	slog.Handler
	log *lateLog
}

// Handle is slog.Handler's.
func (h lateHandler) Handle(_ context.Context, record slog.Record) error {
	h.log.add(h.Handler, record)
	return nil
}

// WithAttrs is slog.Handler's.
func (h lateHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return lateHandler{h.Handler.WithAttrs(attrs), h.log}
}

// WithGroup is slog.Handler's.
func (h lateHandler) WithGroup(name string) slog.Handler {
	return lateHandler{h.Handler.WithGroup(name), h.log}
}
