// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"strings"
	"sync/atomic"
	"time"
)

// For so long a trouble is shown after PostgreSQL told of it: one damaged row, which
// somebody asks for now and then, fails one question of a load balancer, and not several
// in a row. Whoever may not write where writing is forbidden tries somewhere else at once.
const (
	troubleShown   = 10 * time.Second
	forbiddenShown = time.Second
)

// trouble is when PostgreSQL last told of one that is not a single statement's: in
// nanoseconds since 1970.
type trouble struct {
	broken atomic.Int64 // its files or its program
	full   atomic.Int64 // its disk

	forbidden atomic.Int64 // to write, as on a demoted primary
}

// hear notes an error of PostgreSQL's. A lack of memory or of connections passes.
func (t *trouble) hear(sqlstate string, now time.Time) {
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

// shown tells what PostgreSQL has complained of just now, though it answers: it is broken,
// or nothing can be written.
func (t *trouble) shown(now time.Time) (broken, unwritable bool) {
	within := func(at *atomic.Int64, shown time.Duration) bool { return now.UnixNano()-at.Load() < int64(shown) }
	return within(&t.broken, troubleShown), within(&t.full, troubleShown) || within(&t.forbidden, forbiddenShown)
}
