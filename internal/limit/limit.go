// SPDX-License-Identifier: GPL-3.0-or-later

// Package limit bounds how often, how much and how many at a time: rate limits and
// quotas as pure functions of the clock that they are given, a budget of bytes, and
// a semaphore for each account.
package limit

import (
	"sync"
	"time"
)

// evictionSample is how many keys are looked at for one to drop. Go walks a map from a
// random entry, so they are a random sample.
const evictionSample = 16

// Rate allows Burst events at once, and one more after each Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// Limiter applies a Rate to each of many keys, by the generic cell rate
// algorithm (GCRA): the state of a key is one time, at which all its events are
// forgotten. It keeps at most a fixed number of keys and evicts some beyond that.
type Limiter struct {
	rate    Rate
	maxKeys int

	mu      sync.Mutex
	emptyAt map[uint64]time.Time
}

// New makes a Limiter of at most this many keys.
func New(rate Rate, maxKeys int) *Limiter {
	return &Limiter{rate: rate, maxKeys: maxKeys, emptyAt: map[uint64]time.Time{}}
}

// Wait says how long a key must wait for its next event; 0 if it may come now.
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
	l.evict(key, now)
	l.emptyAt[key] = now.Add(pending + l.rate.Every)
}

// Forget drops the events of a key.
func (l *Limiter) Forget(key uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.emptyAt, key)
}

// Len counts the keys that are kept.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.emptyAt)
}

// pending is how long it takes until all events of a key are forgotten.
func (l *Limiter) pending(key uint64, now time.Time) time.Duration {
	return max(0, l.emptyAt[key].Sub(now))
}

// evict makes space for a key: of a random sample it drops those whose events are
// forgotten, and if there is none, another one.
func (l *Limiter) evict(key uint64, now time.Time) {
	if _, kept := l.emptyAt[key]; kept || len(l.emptyAt) < l.maxKeys {
		return
	}

	sample := min(evictionSample, l.maxKeys)
	for other, emptyAt := range l.emptyAt {
		sample--
		if emptyAt.Before(now) || sample == 0 && len(l.emptyAt) >= l.maxKeys {
			delete(l.emptyAt, other)
		}
		if sample == 0 {
			return
		}
	}
}
