// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// growInterval is how long a server that had no more connections to give is asked for none more.
const growInterval = time.Second

// share is how many connections a pool uses at a time. Where the server has no more to give, that is
// as many as the pool has, and requests wait for one of these, in the order in which they came; each
// growInterval one more is tried for.
type share struct {
	most int // that the pool may have

	mu      sync.Mutex
	limit   int // below most: the server has no more to give
	used    int
	limited time.Time       // when limit was changed
	queue   []chan struct{} // of requests that wait; closed when it is one's turn
}

func newShare(most int) *share { return &share{most: most, limit: most} }

// Conn is a connection of a pool, while it is used.
type Conn struct {
	*pooled
	share *share
}

type pooled = pgxpool.Conn // has a method Conn, which a field of that name would hide

// Release gives it back.
func (c *Conn) Release() {
	c.pooled.Release()
	c.share.leave(time.Now())
}

// enter waits until the pool may use one connection more, which leave ends.
func (s *share) enter(ctx context.Context, now time.Time) error {
	turn := s.line(now)
	if turn == nil {
		return nil
	}

	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		s.giveUp(turn)
		return ctx.Err()
	}
}

// line gives nil if there is no need to wait. Where the pool has as many as it may have, its own queue
// is waited in.
func (s *share) line(now time.Time) (turn chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.grow(now)
	if s.limit == s.most || s.used < s.limit {
		s.used++
		return nil
	}

	turn = make(chan struct{})
	s.queue = append(s.queue, turn)
	return turn
}

// giveUp leaves the queue, or the turn that came meanwhile to the next one.
func (s *share) giveUp(turn chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()

	i := slices.Index(s.queue, turn)
	if i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
		return
	}
	s.used--
	s.callNext()
}

func (s *share) leave(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.used--
	s.grow(now)
	s.callNext()
}

// shrink keeps to the connections that there are, at least one: the server refused another.
func (s *share) shrink(now time.Time, have int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit, s.limited = min(max(1, have), s.most), now
}

func (s *share) grow(now time.Time) {
	if s.limit < s.most && now.Sub(s.limited) >= growInterval {
		s.limit++
		s.limited = now
	}
}

// callNext gives the turn to the first who wait.
func (s *share) callNext() {
	for len(s.queue) > 0 && (s.limit == s.most || s.used < s.limit) {
		s.used++
		close(s.queue[0])
		s.queue = s.queue[1:]
	}
}
