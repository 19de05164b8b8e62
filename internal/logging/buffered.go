// SPDX-License-Identifier: GPL-3.0-or-later

package logging

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"thalamus/internal/config"
)

const (
	flushDelay = 100 * time.Millisecond
	maxBuffer  = 1000 // records
)

// Buffer collects the records of its logs for a moment, and writes them at once: with each
// request, writing would cost ten times as much. It must be flushed at the end.
type Buffer struct {
	writing sync.Mutex
	out     *bufio.Writer // used while writing is held

	mu      sync.Mutex
	records []buffered
	spare   []buffered // room for the next ones
	waiting bool       // a flush is due
}

// buffered is a record, and the handler that is to write it.
type buffered struct {
	handler slog.Handler
	record  slog.Record
}

// NewBuffer makes a buffer before a writer.
func NewBuffer(out io.Writer) *Buffer { return &Buffer{out: bufio.NewWriterSize(out, 64<<10)} }

// Log makes the log that the configuration describes, as New does, with this buffer before it.
func (b *Buffer) Log(c config.Log) *slog.Logger {
	return slog.New(bufferedHandler{New(c, b.out).Handler(), b})
}

func (b *Buffer) add(handler slog.Handler, record slog.Record) {
	b.mu.Lock()
	b.records = append(b.records, buffered{handler, record})
	full := len(b.records) >= maxBuffer
	if !b.waiting {
		b.waiting = true
		time.AfterFunc(flushDelay, b.Flush)
	}

	b.mu.Unlock()
	if full {
		b.Flush() // the caller waits, where the log is slow
	}
}

// Flush writes all records. That the log is broken can be told nowhere.
func (b *Buffer) Flush() {
	b.writing.Lock()
	defer b.writing.Unlock()

	b.mu.Lock()
	records := b.records
	b.records, b.waiting = b.spare, false
	b.mu.Unlock()

	for _, one := range records {
		_ = one.handler.Handle(context.Background(), one.record)
	}

	_ = b.out.Flush()
	clear(records)
	b.spare = records[:0]
}

// bufferedHandler hands records to another handler when its buffer is flushed.
type bufferedHandler struct {
	slog.Handler
	buffer *Buffer
}

// Handle is slog.Handler's.
func (h bufferedHandler) Handle(_ context.Context, record slog.Record) error {
	h.buffer.add(h.Handler, record)
	return nil
}

// WithAttrs is slog.Handler's.
func (h bufferedHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return bufferedHandler{h.Handler.WithAttrs(attrs), h.buffer}
}

// WithGroup is slog.Handler's.
func (h bufferedHandler) WithGroup(name string) slog.Handler {
	return bufferedHandler{h.Handler.WithGroup(name), h.buffer}
}
