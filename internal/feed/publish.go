// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"sync"
	"time"
)

const cutEvery = time.Hour

// Written says that there is something to publish. It does not wait.
func (f *Feed) Written() {
	select {
	case f.written <- struct{}{}:
	default: // it was said already
	}
}

// Start publishes for the server's readers until stop is called. It outlives ctx,
// as the last requests do.
func (f *Feed) Start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() {
		f.db.FollowFeed(ctx, f.written, f.Published, func(err error) {
			f.log.Warn("the change feed stands still", "error", err)
		})
	})
	running.Go(func() { every(ctx, lookForLong, f.tellOfLongWriters) })
	if f.retention > 0 {
		running.Go(func() {
			f.cut(ctx)
			every(ctx, cutEvery, f.cut)
		})
	}
	return func() {
		cancel()
		running.Wait()
	}
}

// every does something again and again, until ctx ends.
func every(ctx context.Context, interval time.Duration, do func(context.Context)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			do(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// cut forgets what is older than it is to be kept.
func (f *Feed) cut(ctx context.Context) {
	var gone int64
	err := f.db.Publish(ctx) // what has no place in the feed yet cannot be cut
	if err == nil {
		gone, err = f.db.CutFeed(ctx, time.Now().Add(-f.retention))
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		f.log.Warn("old changes were not removed", "error", err)
	case gone > 0:
		f.log.Info("removed old changes", "changes", gone)
	}
}
