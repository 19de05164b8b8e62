// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"sync"
)

// key names a record.
type key struct{ resource, id string }

// content is a record as JSON has it.
type content map[string]any

// change is a change that a client was told to be done.
type change struct {
	operation string  // create, update or delete
	content   content // after it; nil: none
}

// told is all that clients were told of a record: one change after the other.
type told struct {
	person  string // whom it is about, or ""
	changes []change
}

// last is the record as it must be; nil: it must not be there.
func (t *told) last() content { return t.changes[len(t.changes)-1].content }

// reading is a reply about others that somebody had whole.
type reading struct {
	request, account string
	persons          []string
}

// ledger is all that the clients were told.
type ledger struct {
	mu       sync.Mutex
	records  map[key]*told
	readings []reading
	bytes    map[string]string // hexadecimal SHA-512 of documents, by id
}

func newLedger() *ledger { return &ledger{records: map[key]*told{}, bytes: map[string]string{}} }

// note notes a change. The content belongs to the ledger from then on.
func (l *ledger) note(k key, person, operation string, after content) {
	l.mu.Lock()
	defer l.mu.Unlock()

	t := l.records[k]
	if t == nil {
		t = &told{person: person}
		l.records[k] = t
	}
	t.changes = append(t.changes, change{operation, after})
}

// read notes that an account has read about persons. Those who read of themselves need no line.
func (l *ledger) read(r reply, account string, persons ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readings = append(l.readings, reading{r.header.Get("X-Request-Id"), account, persons})
}

// keep notes the bytes of a document.
func (l *ledger) keep(id, digest string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bytes[id] = digest
}

// changed tells how many changes of a person the ledger has; "": of everybody.
func (l *ledger) changed(person string) (count int) {
	l.mu.Lock()
	defer l.mu.Unlock()

	for _, t := range l.records {
		if person == "" || t.person == person {
			count += len(t.changes)
		}
	}
	return count
}

// with gives a copy of a content with other keys merged, as PATCH does.
func (c content) with(patch content) content {
	merged := maps.Clone(c)
	maps.Copy(merged, patch)
	return merged
}

func (c content) json() string {
	text, _ := json.Marshal(c) // which contents always let
	return string(text)
}

// hash makes a number of a text.
func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // which never fails
	return h.Sum64()
}
