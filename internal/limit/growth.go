// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import (
	"sync"
	"time"
)

// Growth bounds how many bytes each of many keys may add within a span of time, which
// begins with the first of them. What a write adds is known only when it has ended: one
// that begins says how much it may be at most, and the write that uses up what there
// was is still made. It is a pure function of the clock that it is given, and keeps at
// most a fixed number of keys.
type Growth struct {
	most  int64
	span  time.Duration
	limit int // of keys

	mu   sync.Mutex
	used map[string]*usage
}

// usage is what a key has added since a time.
type usage struct {
	since   time.Time
	bytes   int64
	planned int64         // what its writes under way may add
	ended   chan struct{} // closed when one of these ends; nil: nobody waits
}

// NewGrowth makes a Growth of so many bytes for each key in a span, and of at most
// this many keys.
func NewGrowth(most int64, span time.Duration, keys int) *Growth {
	return &Growth{most: most, span: span, limit: keys, used: map[string]*usage{}}
}

// Begin lets a key make a write of at most planned bytes; End must follow. If the key
// has added what it may, wait says for how long it may not. If its other writes may use
// that up, ended is closed when one of them has ended: ask again then.
func (g *Growth) Begin(key string, planned int64, now time.Time) (wait time.Duration, ended <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	u := g.of(key, now)

	if u.bytes >= g.most {
		return u.since.Add(g.span).Sub(now), nil
	}
	if u.planned > 0 && u.bytes+u.planned+planned > g.most {
		if u.ended == nil {
			u.ended = make(chan struct{})
		}
		return 0, u.ended
	}
	u.planned += planned
	return 0, nil
}

// End counts the bytes that a write has added.
func (g *Growth) End(key string, planned, added int64, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	u := g.of(key, now)
	u.planned -= planned
	u.bytes += added

	if u.ended != nil {
		close(u.ended)
		u.ended = nil
	}
}

// Add counts bytes of a key that nobody stops. It reports, once in a span, that the key
// has added more than others may.
func (g *Growth) Add(key string, added int64, now time.Time) (passed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	u := g.of(key, now)
	before := u.bytes
	u.bytes += added
	return before < g.most && u.bytes >= g.most
}

// of gives the usage of a key in the span that now belongs to.
func (g *Growth) of(key string, now time.Time) *usage {
	u := g.used[key]
	if u == nil {
		g.makeRoom(now)
		u = &usage{since: now}
		g.used[key] = u
	}
	if now.Sub(u.since) >= g.span {
		u.since, u.bytes = now, 0
	}
	return u
}

// makeRoom drops the key that has added least of a few, or one whose span is over. Keys
// with writes under way stay. Go's maps are walked from a random place.
func (g *Growth) makeRoom(now time.Time) {
	if len(g.used) < g.limit {
		return
	}
	const look = 16
	seen, least := 0, ""
	for key, u := range g.used {
		if u.planned > 0 {
			continue
		}
		if now.Sub(u.since) >= g.span {
			delete(g.used, key)
			return
		}
		if least == "" || u.bytes < g.used[least].bytes {
			least = key
		}
		if seen++; seen == look {
			break
		}
	}
	delete(g.used, least)
}
