// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const mostFaults = 40 // that are told; the others are counted

// faults is all that was wrong.
type faults struct {
	mu    sync.Mutex
	count int
	told  []string
}

// add tells of a fault at once, too, for a soak may take long.
func (f *faults) add(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()

	f.count++
	if f.count > mostFaults {
		return
	}
	text := fmt.Sprintf(format, args...)
	f.told = append(f.told, text)
	fmt.Fprintln(os.Stderr, "fault:", text)
}

// traffic counts requests.
type traffic struct {
	sent, lost, busy, refused atomic.Int64 // all; without a whole reply; come again; wrong passwords that were refused

	mu      sync.Mutex
	longest time.Duration // until a request was answered, with all that was sent again
	of      request
}

// took notes how long a request took that began at a time.
func (t *traffic) took(q request, begun time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()

	long := time.Since(begun)
	if long > t.longest {
		t.longest, t.of = long, q
	}
}
