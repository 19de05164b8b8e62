// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"thalamus/internal/fed"
)

func always(context.Context) error { return nil }

// full is a lane of two places, both taken.
func full(t *testing.T) *lane {
	t.Helper()
	l := newLane("tests", 2, always)
	for range 2 {
		if err := l.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func TestALaneLetsInWhomItHasAPlaceFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := full(t)
		entered := make(chan error, 1)
		go func() { entered <- l.enter(t.Context()) }()
		synctest.Wait()
		if len(entered) != 0 {
			t.Fatal("a third one is in a lane of two")
		}
		l.leave()
		if err := <-entered; err != nil {
			t.Error(err)
		}
	})
}

func TestWaitingForALaneEndsWithItsContextAndSaysWhenToComeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := full(t)
		patience := &fed.Error{Kind: fed.Unavailable}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, patience)
		defer cancel()
		began := time.Now()
		err := l.within(ctx, func() error { t.Error("it was let in"); return nil })
		var known *fed.Error
		if !errors.As(err, &known) || known.Kind != fed.Unavailable || known.Wait <= 0 || time.Since(began) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if !errors.Is(err, patience) || errors.Is(err, context.Canceled) {
			t.Errorf("the cause is %v", errors.Unwrap(err))
		}
	})
}

func TestACallerWhoLeavesDoesNotWaitForALane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := full(t)
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		began := time.Now()
		if err := l.enter(ctx); !errors.Is(err, context.Canceled) || time.Since(began) != time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestAPlaceComesBackHoweverTheWorkEnds(t *testing.T) {
	l := newLane("tests", 1, always)
	for range 3 {
		if err := l.within(t.Context(), func() error { return errors.New("failed") }); err == nil || err.Error() != "failed" {
			t.Errorf("got %v", err)
		}
	}
}

// Two lists at least: one that is slow is not to stop the others.
func TestTheConnectionsAreDividedAmongLanes(t *testing.T) {
	for conns, want := range map[int][3]int{1: {1, 2, 1}, 8: {4, 2, 4}, 16: {8, 4, 8}, 17: {8, 4, 8}} {
		db := &DB{}
		db.makeLanes(conns)
		if got := [3]int{cap(db.writes.slots), cap(db.lists.slots), cap(db.feedReaders.slots)}; got != want {
			t.Errorf("of %d connections: writes, lists and readers of changes have %v", conns, got)
		}
	}
}
