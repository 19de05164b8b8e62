// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// LogBuffer collects the log.
type LogBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write is io.Writer's.
func (l *LogBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String gives the text of the log.
func (l *LogBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Entry is a line of the log.
type Entry map[string]any

// Logged is a quick hub with a log that can be read back.
func Logged(t testing.TB, change ...func(*Options)) *Hub {
	t.Helper()
	book := &LogBuffer{}
	h := Quick(t, append(change, func(o *Options) { o.Log = slog.New(slog.NewJSONHandler(book, nil)) })...)
	h.Log = book
	return h
}

// Entries ends the server, because a line is written after its reply, and gives
// the lines with this message that belong to the request; "" is every request.
func (h *Hub) Entries(message, request string) (found []Entry) {
	h.T.Helper()
	h.Close()
	for line := range strings.Lines(h.Log.String()) {
		var e Entry
		err := json.Unmarshal([]byte(line), &e)
		if err != nil {
			h.T.Fatalf("%v: %.300s", err, line)
		}

		if e["msg"] == message && (request == "" || e["request"] == request) {
			found = append(found, e)
		}
	}
	return found
}

// EntryOf gives the one line about the request of a reply.
func (h *Hub) EntryOf(a Answer) Entry {
	h.T.Helper()
	found := h.Entries("request", a.Header.Get("X-Request-Id"))
	if len(found) != 1 {
		h.T.Fatalf("%s %s has %d lines in the log, want 1", a.Request.Method, a.Request.URL.Path, len(found))
	}
	return found[0]
}
