// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"strings"
	"sync/atomic"
	"time"
)

// For so long a trouble is shown after PostgreSQL told of it: one damaged row, which
// somebody asks for now and then, fails one question of a load balancer, and not several
// in a row. An error of a read-only server is shown for a second only: its connection is
// dropped at once, and the next may lead elsewhere.
const (
	brokenShown    = 10 * time.Second
	forbiddenShown = time.Second
)

// serverErrors is when PostgreSQL last told of one that is not a single statement's: in
// nanoseconds since 1970.
type serverErrors struct {
	broken atomic.Int64 // its files or its program
	full   atomic.Int64 // its disk

	forbidden atomic.Int64 // to write, as on a demoted primary
}

// note notes an error of PostgreSQL's. A lack of memory or of connections passes.
func (t *serverErrors) note(sqlstate string, now time.Time) {
	const diskFull, forbidden, files, fault = "53100", "25006", "58", "XX"
	switch {
	case sqlstate == diskFull:
		t.full.Store(now.UnixNano())
	case sqlstate == forbidden:
		t.forbidden.Store(now.UnixNano())
	case strings.HasPrefix(sqlstate, files), strings.HasPrefix(sqlstate, fault):
		t.broken.Store(now.UnixNano())
	}
}

// current tells what PostgreSQL has complained of just now, though it answers: it is broken,
// or nothing can be written.
func (t *serverErrors) current(now time.Time) (broken, unwritable bool) {
	within := func(at *atomic.Int64, shown time.Duration) bool { return now.UnixNano()-at.Load() < int64(shown) }
	return within(&t.broken, brokenShown), within(&t.full, brokenShown) || within(&t.forbidden, forbiddenShown)
}
