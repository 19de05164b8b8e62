// SPDX-License-Identifier: GPL-3.0-or-later

package testhub

import (
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"thalamus/internal/audit"
)

// AccessRecord is an access record in memory, which can be made to fail.
type AccessRecord struct {
	mu     sync.Mutex
	lines  []string
	fail   error
	broken bool
	Before func(line string) // called with a line before it is written
	Asked  bool              // as if its lines were found again by person
	FailOn string            // a line that has this in it cannot be written; "": every one can
}

// Recorded is a quick hub that keeps an access record.
func Recorded(t testing.TB, change ...func(*Options)) (*Hub, *AccessRecord) {
	t.Helper()
	l := &AccessRecord{}
	return Quick(t, append(change, func(o *Options) { o.Record = l })...), l
}

// Indexed is a quick hub whose access record goes to a file, and is found again by person. copyLines
// has all lines in the index that were written until then.
func Indexed(t testing.TB, change ...func(*Options)) (h *Hub, copyLines func()) {
	t.Helper()
	record, err := audit.Open(filepath.Join(t.TempDir(), "access.jsonl"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = record.Close() })

	h = Quick(t, append(change, func(o *Options) { o.Record = record })...)
	index := audit.NewIndex(record, h.DB.DB, slog.New(slog.NewTextHandler(h.Log, nil)))
	return h, func() { index.Start(t.Context())() } // it copies all before it ends
}

// Write is audit.Recorder's.
func (l *AccessRecord) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Before != nil {
		l.Before(string(line))
	}

	fail := l.fail
	if l.FailOn != "" && strings.Contains(string(line), l.FailOn) {
		fail = errors.New("the disk is full")
	}
	l.broken = fail != nil
	if l.broken {
		return 0, fail
	}
	l.lines = append(l.lines, string(line))
	return len(line), nil
}

// Broken is audit.Recorder's.
func (l *AccessRecord) Broken() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.broken
}

// Indexed is audit.Recorder's.
func (l *AccessRecord) Indexed() bool { return l.Asked }

// FailWith makes it fail; nil mends it.
func (l *AccessRecord) FailWith(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fail = err
}

// Take gives the lines since it was last called.
func (l *AccessRecord) Take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()

	lines := l.lines
	l.lines = nil
	return lines
}

// Persons gives the persons that the lines since the last call name, as told of in lists:
// as JSON, each line's behind a blank. A line that is of no list has none.
func (l *AccessRecord) Persons(t testing.TB) string {
	t.Helper()
	var all []string
	for _, line := range l.Take() {
		var e struct{ Persons json.RawMessage }
		err := json.Unmarshal([]byte(line), &e)
		if err != nil {
			t.Errorf("not JSON: %q: %v", line, err)
		}
		all = append(all, string(e.Persons))
	}
	return strings.Join(all, " ")
}

// One gives the only line since the last call, as "account roles method endpoint
// person page document status", after a look at the rest.
func (l *AccessRecord) One(t testing.TB, a Answer) string {
	t.Helper()
	lines := l.Of(t, a)
	if len(lines) != 1 {
		t.Errorf("%s %s: %d lines, want 1: %q", a.Request.Method, a.Request.URL.Path, len(lines), lines)
		return ""
	}
	return lines[0]
}

// Of gives the lines of a request as One gives one.
func (l *AccessRecord) Of(t testing.TB, a Answer) (all []string) {
	t.Helper()
	for _, line := range l.Take() {
		all = append(all, readLine(t, a, line))
	}
	return all
}

func readLine(t testing.TB, a Answer, line string) string {
	t.Helper()
	var e struct {
		Time                                                                time.Time
		Account, Method, Endpoint, Person, Page, Document, Request, Address string
		Roles                                                               []string
		Persons                                                             json.RawMessage
		Status                                                              json.Number
	}
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&e)
	if err != nil || strings.Index(line, "\n") != len(line)-1 {
		t.Errorf("not one line of JSON: %q: %v", line, err)
	}
	if e.Request != a.Header.Get("X-Request-Id") || e.Address != "127.0.0.1" || e.Time.Location() != time.UTC || time.Since(e.Time) > time.Hour {
		t.Errorf("request, address or time: %s", line)
	}

	return strings.Join([]string{e.Account, strings.Join(e.Roles, "+"), e.Method, e.Endpoint, e.Person, e.Page, e.Document, e.Status.String()}, " ")
}
