// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"time"
)

// SetTimeouts sets the interval of a stream's heartbeats, and for how long a client may
// take nothing.
func SetTimeouts(f *Feed, heartbeat, stall time.Duration) { f.heartbeat, f.stall = heartbeat, stall }

// Subscribers tells how many requests read the feed or wait for it.
func (f *Feed) Subscribers() int {
	f.mu.Lock()
	defer f.mu.Unlock()

	return len(f.subscribers)
}

// NewNotes gives what tells the database how far followers have read, without waiting for a minute.
func NewNotes(f *Feed) func(context.Context) {
	notes := positionNotes{feed: f}
	return notes.write
}
