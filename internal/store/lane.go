// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"sync/atomic"
	"time"

	"thalamus/internal/fed"
)

// shareTime is how long something that could give its place up keeps it from others.
const shareTime = 2500 * time.Millisecond

// lane lets some of the connections be used at a time for one kind of work. However
// long that waits, for locks or for a lot of rows, the others stay for the rest.
type lane struct {
	name    string // for the caller
	ready   func(context.Context) error
	places  chan struct{}
	waiting atomic.Int32 // for a place
}

// newLane makes a lane where nobody waits for a place before the database is ready: an outage is
// waited for in the pool, which bounds how many do.
func newLane(name string, places int, ready func(context.Context) error) *lane {
	return &lane{name: name, ready: ready, places: make(chan struct{}, places)}
}

// enter waits for a place, which leave gives back, until ctx ends. Unavailable: there
// was none in time.
func (l *lane) enter(ctx context.Context) error {
	if err := l.ready(ctx); err != nil {
		return classify(err)
	}

	select {
	case l.places <- struct{}{}:
		return nil
	default:
	}

	l.waiting.Add(1)
	defer l.waiting.Add(-1)

	select {
	case l.places <- struct{}{}:
		return nil
	case <-ctx.Done():
	}

	return &fed.Error{
		Kind: fed.Unavailable, Msg: "Too many " + l.name + " wait for the database; try again.",
		Err: context.Cause(ctx), Wait: unavailable.Wait,
	}
}

func (l *lane) leave() { <-l.places }

// within does something in a place of the lane.
func (l *lane) within(ctx context.Context, do func() error) error {
	if err := l.enter(ctx); err != nil {
		return err
	}
	defer l.leave()
	return do()
}

// fair reports whether something that has had a place since then may keep it.
func (l *lane) fair(since time.Time) bool {
	return l.waiting.Load() == 0 || time.Since(since) < shareTime
}
