// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"sync"
	"time"
)

// retentionInterval is how often changes that are too old are removed.
const retentionInterval = time.Hour

// Written says that there is something to publish. It does not wait.
func (f *Feed) Written() {
	select {
	case f.written <- struct{}{}:
	default: // it was said already
	}
}

// Start publishes changes, warns of long writers and applies the retention until stop is
// called. It outlives ctx, as the last requests do.
func (f *Feed) Start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))

	var running sync.WaitGroup
	running.Go(func() {
		f.db.FollowFeed(ctx, f.written, f.Published, func(err error) {
			f.log.Warn("the change feed stands still", "error", err)
		})
	})
	running.Go(func() { every(ctx, longWriterInterval, f.warnOfLongWriters) })
	if f.retention > 0 {
		running.Go(func() {
			f.removeOld(ctx)
			every(ctx, retentionInterval, f.removeOld)
		})
	}

	return func() {
		cancel()
		running.Wait()
	}
}

// every does something at each interval, until ctx ends.
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

// removeOld removes changes that are older than the retention.
func (f *Feed) removeOld(ctx context.Context) {
	removed, err := f.publishAndCut(ctx)

	switch {
	case ctx.Err() != nil:
	case err != nil:
		f.log.Warn("old changes were not removed", "error", err)
	case removed > 0:
		f.log.Info("removed old changes", "changes", removed)
	}
}

// publishAndCut publishes first: a change without a place in the feed cannot be cut.
func (f *Feed) publishAndCut(ctx context.Context) (removed int64, err error) {
	if err := f.db.Publish(ctx); err != nil {
		return 0, err
	}
	return f.db.CutFeed(ctx, time.Now().Add(-f.retention))
}
