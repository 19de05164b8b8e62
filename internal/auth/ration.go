// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"maps"
	"sync"
	"time"
)

// How many different digests of a throttled pair are looked at, and of how many pairs
// that is kept: a pair takes ten failures to be there, and some 4 KiB at most.
const (
	mostLooks   = 100
	looksFor    = time.Hour
	mostRations = 10_000
)

// ration bounds what a throttled pair can learn by guessing. Once it is used up not
// even a digest that was looked at before is: it could be one that its owner used.
type ration struct {
	mu    sync.Mutex
	pairs map[uint64]map[digest]time.Time // since when it counts
}

// look reports whether a digest may be looked at, and counts it.
func (r *ration) look(pair uint64, d digest, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	looked := r.pairs[pair]
	maps.DeleteFunc(looked, func(_ digest, since time.Time) bool { return now.Sub(since) >= looksFor })
	if len(looked) >= mostLooks {
		return false
	}
	if looked == nil {
		looked = map[digest]time.Time{}
		makeRoom(r.pairs, pair, mostRations)
		r.pairs[pair] = looked
	}
	if _, again := looked[d]; !again {
		looked[d] = now
	}
	return true
}
