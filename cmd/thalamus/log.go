// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
	"time"

	"thalamus/internal/config"
)

// newLog makes the log that the configuration describes.
func newLog(c config.Log, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.Level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}

const (
	lateness  = 100 * time.Millisecond
	muchToLog = 64 << 10
)

// lateWriter collects lines for a moment: one system call for each would be a
// tenth of what a request costs. It must be flushed at the end.
type lateWriter struct {
	out io.Writer

	mu      sync.Mutex
	lines   bytes.Buffer
	waiting bool // a flush is due
}

// Write is io.Writer's.
func (w *lateWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines.Write(line)
	if w.lines.Len() >= muchToLog {
		w.send()
	} else if !w.waiting {
		w.waiting = true
		time.AfterFunc(lateness, w.flush)
	}
	return len(line), nil
}

func (w *lateWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = false
	w.send()
}

// send writes what there is. The caller holds the lock.
func (w *lateWriter) send() {
	_, _ = w.lines.WriteTo(w.out) // there is nowhere to tell that the log is broken
	w.lines.Reset()
}
