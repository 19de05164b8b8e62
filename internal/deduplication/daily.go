// SPDX-License-Identifier: GPL-3.0-or-later

// Package deduplication fills the queue of persons who are probably there twice, every day at a time.
package deduplication

import (
	"context"
	"log/slog"
	"time"

	"thalamus/internal/store"
	"thalamus/internal/task"
)

// Daily fills the queue once a day. Of several servers of a database one does; the others find it busy.
type Daily struct {
	DB    *store.DB
	Clock string // of the machine's zone, like 03:30; "": never
	Log   *slog.Logger
}

// Start waits for the time, day by day, until the task is stopped.
func (d Daily) Start(ctx context.Context) *task.Task {
	return task.Start(context.WithoutCancel(ctx), func(ctx context.Context) {
		at, err := time.Parse("15:04", d.Clock)
		if err != nil {
			return
		}

		for ctx.Err() == nil {
			timer := time.NewTimer(time.Until(next(time.Now(), at)))
			select {
			case <-timer.C:
				d.fill(ctx)
			case <-ctx.Done():
				timer.Stop()
			}
		}
	})
}

// next is the first moment after now at the hour and minute of at.
func next(now, at time.Time) time.Time {
	today := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, now.Location())
	if today.After(now) {
		return today
	}
	return time.Date(now.Year(), now.Month(), now.Day()+1, at.Hour(), at.Minute(), 0, 0, now.Location())
}

// fill fills the queue, and tells the log how that ended. On a standby it leaves that to the primary's
// servers.
func (d Daily) fill(ctx context.Context) {
	if d.DB.ReadOnly() {
		return
	}

	pairs := 0
	ran, err := d.DB.QueueDuplicates(ctx, func(found store.DuplicatesPart) { pairs += len(found.Pairs) })
	switch {
	case ctx.Err() != nil:
	case err != nil:
		d.Log.Warn("the queue of duplicates was not filled", "error", err)
	case !ran:
		d.Log.Info("another server fills the queue of duplicates")
	default:
		d.Log.Info("the queue of duplicates was filled", "pairs", pairs)
	}
}
