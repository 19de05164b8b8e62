// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"sync"
	"time"
)

const (
	burstEvery   = time.Second
	burstReasons = 100 // that are kept; all of them are sentences of this program
)

// bursts keeps an outage from filling the log: of the requests that are told in the same
// second to try again, for the same reason, the first is an error. The others are requests
// like any other, and the next error says how many they were.
// It is a pure function of the clock that it is given.
type bursts struct {
	mu    sync.Mutex
	lines map[string]*burst // by reason
}

// burst is the last line about a reason, and what has come since.
type burst struct {
	told  time.Time
	alike int
}

// leads reports whether a failure is an error of the log, and how many came since the last
// one of its reason.
func (b *bursts) leads(reason string, now time.Time) (leads bool, alike int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.lines[reason]
	if one == nil {
		if len(b.lines) < burstReasons {
			b.lines[reason] = &burst{told: now}
		}
		return true, 0
	}
	if now.Sub(one.told) < burstEvery {
		one.alike++
		return false, 0
	}

	alike = one.alike
	*one = burst{told: now}
	return true, alike
}
