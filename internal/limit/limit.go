// SPDX-License-Identifier: GPL-3.0-or-later

// Package limit counts what may happen only so often, as a pure function of the
// clock that it is given, and shares out what there is only so much of.
package limit

import (
	"sync"
	"time"
)

// Rate allows Burst events at once, and one more after each Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// Limiter applies a Rate to each of many keys, by the generic cell rate
// algorithm: a key is one time, the one at which its events are forgotten. It
// keeps at most a fixed number of keys and gives up some to make room.
type Limiter struct {
	rate Rate
	most int

	mu      sync.Mutex
	forgets map[uint64]time.Time
}

// New makes a Limiter of at most this many keys.
func New(rate Rate, most int) *Limiter {
	return &Limiter{rate: rate, most: most, forgets: map[uint64]time.Time{}}
}

// Wait says how long a key must wait for its next event; 0: it need not.
func (l *Limiter) Wait(key uint64, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.pending(key, now)+l.rate.Every-time.Duration(l.rate.Burst)*l.rate.Every)
}

// Level counts the events of a key that are not forgotten, rounded up.
func (l *Limiter) Level(key uint64, now time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int((l.pending(key, now) + l.rate.Every - 1) / l.rate.Every)
}

// Add counts an event of a key, allowed or not; but never so many that the key
// would wait for more than one Every.
func (l *Limiter) Add(key uint64, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	pending := min(l.pending(key, now), time.Duration(l.rate.Burst-1)*l.rate.Every)
	l.makeRoom(key, now)
	l.forgets[key] = now.Add(pending + l.rate.Every)
}

// Forget drops the events of a key.
func (l *Limiter) Forget(key uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.forgets, key)
}

// Len counts the keys that are kept.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.forgets)
}

// pending is how long it takes until all events of a key are forgotten.
func (l *Limiter) pending(key uint64, now time.Time) time.Duration {
	return max(0, l.forgets[key].Sub(now))
}

// makeRoom drops forgotten keys, a few at a time, and if need be another one.
// Go's maps are walked from a random place.
func (l *Limiter) makeRoom(key uint64, now time.Time) {
	if _, kept := l.forgets[key]; kept || len(l.forgets) < l.most {
		return
	}
	const look = 16
	seen := 0
	for other, forgets := range l.forgets {
		seen++
		last := seen == min(look, l.most)
		if forgets.Before(now) || last && len(l.forgets) >= l.most {
			delete(l.forgets, other)
		}
		if last {
			return
		}
	}
}
