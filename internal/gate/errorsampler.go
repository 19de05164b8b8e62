// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"sync"
	"time"
)

const (
	sampleInterval = time.Second
	maxSamples     = 100 // all of them are sentences of this program
)

// errorSampler keeps an outage from filling the log with errors: of the requests that are
// unavailable for the same reason in the same second, the first is an error. The others are
// logged like good ones, and the next error has their number. It is a pure function of the
// clock that it is given.
type errorSampler struct {
	mu      sync.Mutex
	samples map[string]*errorSample // by reason
}

// errorSample is the time of the last error of a reason, and the number of those after it.
type errorSample struct {
	logged time.Time
	alike  int
}

// sample reports whether a failure is logged as an error, and how many came since the last
// one of its reason.
func (b *errorSampler) sample(reason string, now time.Time) (logged bool, alike int) {
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
