// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"sync/atomic"
	"time"

	"thalamus/internal/fed"
)

// minSlotTime is how long work that could give its slot up keeps it from others.
const minSlotTime = 2500 * time.Millisecond

// lane is a semaphore in front of the connections: one kind of work uses some of them at a
// time. However long that waits, for locks or for a lot of rows, the others stay for the rest.
type lane struct {
	name    string // for the caller
	ready   func(context.Context) error
	slots   chan struct{}
	waiting atomic.Int32 // for a slot
}

// newLane makes a lane where nobody waits for a slot before the database is ready: an outage is
// waited for in the pool, which bounds how many do.
func newLane(name string, slots int, ready func(context.Context) error) *lane {
	return &lane{name: name, ready: ready, slots: make(chan struct{}, slots)}
}

// enter waits for a slot, which leave gives back, until ctx ends. Unavailable: there
// was none in time.
func (l *lane) enter(ctx context.Context) error {
	if err := l.ready(ctx); err != nil {
		return classify(err)
	}

	select {
	case l.slots <- struct{}{}:
		return nil
	default:
	}

	l.waiting.Add(1)
	defer l.waiting.Add(-1)

	select {
	case l.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
	}

	return &fed.Error{
		Kind: fed.Unavailable, Msg: "Too many " + l.name + " wait for the database; try again.",
		Err: context.Cause(ctx), Wait: unavailable.Wait,
	}
}

func (l *lane) leave() { <-l.slots }

// within does something in a slot of the lane.
func (l *lane) within(ctx context.Context, do func() error) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	return do()
}

// mayStay reports whether work that has had a slot since then may keep it.
func (l *lane) mayStay(since time.Time) bool {
	return l.waiting.Load() == 0 || time.Since(since) < minSlotTime
}
