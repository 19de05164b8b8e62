// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"errors"
	"testing"
	"time"
)

// lines asks for turns, of which so many must come at once.
func lines(t *testing.T, s *share, now time.Time, n, atOnce int) (waiting []chan struct{}) {
	t.Helper()
	for range n {
		turn := s.line(now)
		if turn != nil {
			waiting = append(waiting, turn)
		}
	}
	if got := n - len(waiting); got != atOnce {
		t.Fatalf("%d of %d need not wait, and not %d", got, n, atOnce)
	}
	return waiting
}

func isOpen(turn chan struct{}) bool {
	select {
	case <-turn:
		return false
	default:
		return true
	}
}

func TestRequestsWaitForTheConnectionsThatThereAreInOrder(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := newShare(8)
	lines(t, s, now, 20, 20) // the pool itself lets them wait
	for range 20 {
		s.leave(now)
	}

	s.shrink(now, 2)
	waiting := lines(t, s, now, 5, 2)
	s.leave(now)
	if isOpen(waiting[0]) || !isOpen(waiting[1]) {
		t.Error("the first is not served first, or alone")
	}
	s.giveUp(waiting[1])
	s.leave(now)
	if isOpen(waiting[2]) {
		t.Error("the place of one that gave up is not the next one's")
	}
	s.giveUp(waiting[2]) // its turn has come
	if s.used != 1 || len(s.queue) != 0 {
		t.Errorf("%d are used, %d wait", s.used, len(s.queue))
	}
}

func TestOneConnectionMoreIsTriedForNowAndAgain(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := newShare(4)
	s.shrink(now, 0)
	waiting := lines(t, s, now, 4, 1)
	s.leave(now.Add(growInterval - 1))
	if isOpen(waiting[0]) || !isOpen(waiting[1]) {
		t.Error("it is tried for too early")
	}
	s.leave(now.Add(growInterval))
	if isOpen(waiting[1]) || isOpen(waiting[2]) {
		t.Error("it is not tried for")
	}
	lines(t, s, now.Add(3*growInterval), 1, 1)
}

func TestARequestWaitsNoLongerThanItHas(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := newShare(2)
	s.shrink(now, 1)
	lines(t, s, now, 1, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.enter(ctx, now); !errors.Is(err, context.Canceled) || len(s.queue) != 0 {
		t.Errorf("%v, %d wait", err, len(s.queue))
	}
}
