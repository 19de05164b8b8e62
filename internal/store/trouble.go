// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"strings"
	"sync/atomic"
	"time"
)

// troubleShown is for how long a trouble is shown after PostgreSQL told of it: one
// damaged row, which somebody asks for now and then, fails one question of a load
// balancer, and not several in a row.
const troubleShown = 10 * time.Second

// trouble is when PostgreSQL last told of one that is not a single statement's: in
// nanoseconds since 1970.
type trouble struct {
	broken atomic.Int64 // its files or its program
	full   atomic.Int64 // its disk
}

// hear notes an error of PostgreSQL's. A lack of memory or of connections passes.
func (t *trouble) hear(sqlstate string, now time.Time) {
	const diskFull, files, fault = "53100", "58", "XX"
	switch {
	case sqlstate == diskFull:
		t.full.Store(now.UnixNano())
	case strings.HasPrefix(sqlstate, files), strings.HasPrefix(sqlstate, fault):
		t.broken.Store(now.UnixNano())
	}
}

func (t *trouble) shown(now time.Time) (broken, full bool) {
	lately := func(at *atomic.Int64) bool { return now.UnixNano()-at.Load() < int64(troubleShown) }
	return lately(&t.broken), lately(&t.full)
}

// Trouble tells what PostgreSQL has complained of just now, though it answers: it is
// broken, or its disk is full and nothing can be written.
func (db *DB) Trouble() (broken, full bool) { return db.trouble.shown(time.Now()) }
