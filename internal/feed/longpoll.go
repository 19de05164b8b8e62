// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"time"

	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// longPoll reads a page. While there are no changes it waits, for the time that the
// request names.
func (f *Feed) longPoll(ctx context.Context, s *subscriber) (page store.FeedPage, err error) {
	timer := time.NewTimer(s.wait)
	defer timer.Stop()

	for {
		page, err = f.readPageOnOwnStack(ctx, s)
		if err != nil || len(page.Changes) > 0 || s.wait == 0 {
			return page, err
		}

		s.feedQuery.After = page.Next
		came, err := f.waitForChanges(ctx, s, page.More, timer.C)
		if err != nil || !came {
			return page, err
		}

		if err := f.reauthorise(ctx, s); err != nil {
			return page, err
		}
	}
}

// waitForChanges waits until there may be changes for the subscriber and the database can
// be asked for them. The request's timeout rests meanwhile. It reports false when the time
// is over or the server stops.
func (f *Feed) waitForChanges(ctx context.Context, s *subscriber, more bool, over <-chan time.Time) (came bool, err error) {
	defer gate.Pause(ctx)()

	came, err = f.waitFor(ctx, s.wakeup(more), over)
	if !came {
		return false, err
	}
	return f.waitFor(ctx, f.databaseUp(), over)
}

func (f *Feed) waitFor(ctx context.Context, event <-chan struct{}, over <-chan time.Time) (came bool, err error) {
	select {
	case <-event:
		return true, nil
	case <-over:
		return false, nil
	case <-f.stopping:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// wakeup gives a channel that is ready when there may be changes for the subscriber. more
// says that the last page was not the end.
func (s *subscriber) wakeup(more bool) <-chan struct{} {
	if more {
		return ready
	}
	return s.wake
}

// databaseUp gives a channel that is ready as soon as the database can be asked.
func (f *Feed) databaseUp() <-chan struct{} {
	if over := f.db.OutageEnd(); over != nil {
		return over
	}
	return ready
}

// ready is a closed channel.
var ready = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()
