// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// ledger is what clients were told during one scenario: what must be there now, and how long they
// waited.
type ledger struct {
	prefix string // of the ids of all records

	mu      sync.Mutex
	records map[string]record
	replies []reply
	faults  []string
}

// record is what an acknowledged record is like, by resource and id. Each is written by one client
// alone, one change after the other.
type record struct {
	Changes int            // in the history, of which the feed has as many
	Data    map[string]any // nil: it was deleted
}

// reply is what one request got.
type reply struct {
	at     time.Time // when it was there
	took   time.Duration
	write  bool
	status int // 0: the connection was lost
}

func newLedger(prefix string) *ledger { return &ledger{prefix: prefix, records: map[string]record{}} }

func key(resource, id string) string { return resource + " " + id }

// made notes a new record.
func (l *ledger) made(resource, id string, data map[string]any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records[key(resource, id)] = record{1, maps.Clone(data)}
}

// changed notes a change of one, and deleted its end.
func (l *ledger) changed(resource, id string, patch map[string]any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.records[key(resource, id)]
	r.Changes++
	maps.Copy(r.Data, patch)
	l.records[key(resource, id)] = r
}

func (l *ledger) deleted(resource, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records[key(resource, id)] = record{l.records[key(resource, id)].Changes + 1, nil}
}

func (l *ledger) answered(r reply) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.replies = append(l.replies, r)
}

func (l *ledger) fault(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = append(l.faults, fmt.Sprintf(format, args...))
}

// count is how many replies had a status.
func (l *ledger) count(status int) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.replies {
		if r.status == status {
			n++
		}
	}
	return n
}

// lastSuccess is when a write was last acknowledged.
func (l *ledger) lastSuccess() (last time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.replies {
		if r.write && r.isGood() && r.at.After(last) {
			last = r.at
		}
	}
	return last
}

func (r reply) isGood() bool { return r.status != 0 && r.status < 400 }

// gap is the longest time in which no read, or no write, was answered well.
func (l *ledger) gap(write bool) (longest time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var times []time.Time
	for _, r := range l.replies {
		if r.write == write && r.isGood() {
			times = append(times, r.at)
		}
	}

	slices.SortFunc(times, time.Time.Compare)
	for i := 1; i < len(times); i++ {
		longest = max(longest, times[i].Sub(times[i-1]))
	}
	return longest
}
