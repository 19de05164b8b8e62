// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import (
	"sync"
	"time"
)

// Quota bounds how many bytes each of many keys may add within a window of time, which
// begins with the first of them. The size of a write is known only at its end: at its
// beginning it says how much it may add at most, and the write that uses up the quota
// is still made. A Quota is a pure function of the clock that it is given, and keeps at
// most a fixed number of keys.
type Quota struct {
	bytes   int64
	window  time.Duration
	maxKeys int

	mu   sync.Mutex
	used map[string]*usage
}

// usage is how much a key has added since the beginning of its window.
type usage struct {
	since   time.Time
	bytes   int64
	planned int64         // how much its writes under way may add
	ended   chan struct{} // closed when one of these ends; nil while none waits for it
}

// NewQuota makes a Quota of so many bytes for each key in a window, and of at most
// this many keys.
func NewQuota(bytes int64, window time.Duration, maxKeys int) *Quota {
	return &Quota{bytes: bytes, window: window, maxKeys: maxKeys, used: map[string]*usage{}}
}

// Begin lets a key make a write of at most planned bytes; End must follow. If the key
// has used up its quota, wait says for how long it may not write. If its other writes may
// use it up, ended is closed when one of them has ended: ask again then.
func (q *Quota) Begin(key string, planned int64, now time.Time) (wait time.Duration, ended <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()

	u := q.usageOf(key, now)
	if u.bytes >= q.bytes {
		return u.since.Add(q.window).Sub(now), nil
	}
	if u.planned == 0 || u.bytes+u.planned+planned <= q.bytes {
		u.planned += planned
		return 0, nil
	}

	if u.ended == nil {
		u.ended = make(chan struct{})
	}
	return 0, u.ended
}

// End counts the bytes that a write has added.
func (q *Quota) End(key string, planned, added int64, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()

	u := q.usageOf(key, now)
	u.planned -= planned
	u.bytes += added
	if u.ended != nil {
		close(u.ended)
		u.ended = nil
	}
}

// Add counts bytes of a key that has no quota. It reports, once in a window, that the key
// has added more than others may.
func (q *Quota) Add(key string, added int64, now time.Time) (passed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	u := q.usageOf(key, now)
	before := u.bytes
	u.bytes += added
	return before < q.bytes && u.bytes >= q.bytes
}

// usageOf gives the usage of a key in the window that now belongs to.
func (q *Quota) usageOf(key string, now time.Time) *usage {
	u := q.used[key]
	if u == nil {
		q.evict(now)
		u = &usage{since: now}
		q.used[key] = u
	}

	if now.Sub(u.since) >= q.window {
		u.since, u.bytes = now, 0
	}
	return u
}

// evict makes space for a key: of a random sample it drops the first whose window is over,
// else the one that has added least. Keys with writes under way stay.
func (q *Quota) evict(now time.Time) {
	if len(q.used) < q.maxKeys {
		return
	}

	sampled, least := 0, ""
	for key, u := range q.used {
		if u.planned > 0 {
			continue
		}
		if now.Sub(u.since) >= q.window {
			delete(q.used, key)
			return
		}

		if least == "" || u.bytes < q.used[least].bytes {
			least = key
		}
		sampled++
		if sampled == evictionSample {
			break
		}
	}
	delete(q.used, least)
}
