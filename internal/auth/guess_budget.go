// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"maps"
	"sync"
	"time"
)

// How many different passwords of a throttled pair are looked up in the cache, and for
// how many pairs that is counted: a pair takes ten failures to be there, and some 4 KiB
// at most.
const (
	maxGuesses      = 100
	guessWindow     = time.Hour
	maxGuessBudgets = 10_000
)

// guessBudget bounds how much a throttled pair can learn by guessing. Once it is spent,
// even a digest that was looked up before is refused: its owner may have used it.
type guessBudget struct {
	mu    sync.Mutex
	pairs map[uint64]map[digest]time.Time // when each digest was counted
}

// spend reports whether a digest may be looked up, and counts it.
func (b *guessBudget) spend(pair uint64, d digest, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()

	counted := b.pairs[pair]
	maps.DeleteFunc(counted, func(_ digest, since time.Time) bool { return now.Sub(since) >= guessWindow })
	if len(counted) >= maxGuesses {
		return false
	}

	if counted == nil {
		counted = map[digest]time.Time{}
		evictIfFull(b.pairs, pair, maxGuessBudgets)
		b.pairs[pair] = counted
	}
	if _, again := counted[d]; !again {
		counted[d] = now
	}
	return true
}
