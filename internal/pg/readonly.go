// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"sync/atomic"
	"time"
)

// readOnlyPatience is how long writes are tried again on servers that take none. A demoted primary is
// one until another takes over, and that is waited for; a standby stays one, and its clients hear of
// it at once.
const readOnlyPatience = 15 * time.Second

// readOnly is since when each write was refused by a server that can only be read, in nanoseconds since
// 1970; 0: the last one was not.
type readOnly struct{ since atomic.Int64 }

// lasts reports whether an error is such a refusal, and writes have been refused for long.
func (r *readOnly) lasts(err error, now time.Time) bool {
	if !hasSQLSTATE(err, refusedWrite) {
		return false
	}
	r.since.CompareAndSwap(0, now.UnixNano())
	return now.UnixNano()-r.since.Load() > int64(readOnlyPatience)
}

// end notes a write that was not refused.
func (r *readOnly) end() {
	if r.since.Load() != 0 {
		r.since.Store(0)
	}
}
