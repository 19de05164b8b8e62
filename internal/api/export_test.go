// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"context"
	"time"
)

// ShownRow is a row of the route table, as tests see it.
type ShownRow struct{ Method, Pattern, Endpoint string }

// Routes gives the route table of a server, in its order.
func Routes(s *Server) (rows []ShownRow) {
	for _, r := range s.rows {
		rows = append(rows, ShownRow{r.Method, r.Pattern, string(r.Endpoint)})
	}
	return rows
}

// SetPace says how often a stream shows that it is there, and for how long a
// client may take nothing.
func SetPace(s *Server, heartbeat, stall time.Duration) { s.heartbeat, s.stall = heartbeat, stall }

// Reading tells how many read the feed or wait for it.
func (f *Feed) Reading() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.all)
}

// TakeMemory takes all memory that an account may have, when its requests have given
// back theirs.
func TakeMemory(ctx context.Context, s *Server, account string) error {
	hold := s.memory.Open(account)
	defer hold.Release()
	return hold.Take(ctx, s.options.Memory)
}
