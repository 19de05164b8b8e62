// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"time"

	"thalamus/internal/task"
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

// Start publishes changes, warns of long writers, notes how far followers have read and applies the
// retention until the task is stopped. It outlives ctx, as the last requests do.
func (f *Feed) Start(ctx context.Context) *task.Task {
	loops := []func(context.Context){f.publish, f.watchLongWriters, f.notePositions}
	if f.retention > 0 {
		loops = append(loops, f.applyRetention)
	}
	return task.Start(context.WithoutCancel(ctx), loops...)
}

func (f *Feed) publish(ctx context.Context) {
	f.db.FollowFeed(ctx, f.written, f.Published, func(err error) {
		f.log.Warn("the change feed stands still", "error", err)
	})
}

func (f *Feed) watchLongWriters(ctx context.Context) {
	every(ctx, longWriterInterval, f.warnOfLongWriters)
}

func (f *Feed) applyRetention(ctx context.Context) {
	f.removeOld(ctx)
	every(ctx, retentionInterval, f.removeOld)
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
	removed, err := f.db.CutFeed(ctx, time.Now().Add(-f.retention))

	switch {
	case ctx.Err() != nil:
	case err != nil:
		f.log.Warn("old changes were not removed", "error", err)
	case removed > 0:
		f.log.Info("removed old changes", "changes", removed)
	}
}
