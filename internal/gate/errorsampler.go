// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"sync"
	"time"
)

const (
	sampleInterval = time.Second
	maxSamples     = 100 // that are kept; all of them are sentences of this program
)

// errorSampler keeps an outage from filling the log: of the requests that are told in the same
// second to try again, for the same reason, the first is an error. The others are requests
// like any other, and the next error says how many they were.
// It is a pure function of the clock that it is given.
type errorSampler struct {
	mu      sync.Mutex
	samples map[string]*errorSample // by reason
}

// errorSample is the last line about a reason, and what has come since.
type errorSample struct {
	logged time.Time
	alike  int
}

// sample reports whether a failure is an error of the log, and how many came since the last
// one of its reason.
func (b *errorSampler) sample(reason string, now time.Time) (leads bool, alike int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.samples[reason]
	if one == nil {
		if len(b.samples) < maxSamples {
			b.samples[reason] = &errorSample{logged: now}
		}
		return true, 0
	}
	if now.Sub(one.logged) < sampleInterval {
		one.alike++
		return false, 0
	}

	alike = one.alike
	*one = errorSample{logged: now}
	return true, alike
}
