// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"thalamus/internal/api"
	"thalamus/internal/auth"
	"thalamus/internal/config"
	"thalamus/internal/store"
)

const (
	lookForLong = time.Minute
	cutEvery    = time.Hour
)

// feed keeps the change feed going beside a server.
type feed struct {
	db        *store.DB
	wake      chan struct{} // this server has written something
	retention time.Duration
	longOpen  time.Duration // how long a transaction that has written may be open
	log       *slog.Logger
}

func newFeed(db *store.DB, c config.Feed, log *slog.Logger) *feed {
	return &feed{db: db, wake: make(chan struct{}, 1), retention: c.Retention, longOpen: time.Minute, log: log}
}

// written says that there is something to publish.
func (f *feed) written() {
	select {
	case f.wake <- struct{}{}:
	default: // it was said already
	}
}

// start publishes for the server's readers until stop is called. It outlives ctx,
// as the last requests do.
func (f *feed) start(ctx context.Context, server *api.Server) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() {
		f.db.FollowFeed(ctx, f.wake, server.Published, func(err error) {
			f.log.Warn("the change feed stands still", "error", err)
		})
	})
	running.Go(func() { every(ctx, lookForLong, f.findLongWriters) })
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

// findLongWriters names the oldest transaction that keeps what it wrote from the
// feed.
func (f *feed) findLongWriters(ctx context.Context) {
	found, err := f.db.LongWriters(ctx, f.longOpen)
	if err != nil || len(found) == 0 {
		return // the feed itself tells of a database that is away
	}
	oldest := found[0]
	f.log.Warn("a transaction has written and is still open; its changes come to the feed when it ends",
		"pid", oldest.PID, "user", oldest.User, "database", oldest.Database, "application", oldest.Application,
		"since", oldest.Since, "others", len(found)-1)
}

// cut forgets what is older than it is to be kept.
func (f *feed) cut(ctx context.Context) {
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

// accountReaders tells the memory of accounts what changed, and then the readers of
// the feed, who may have to leave.
type accountReaders struct {
	*auth.Accounts
	server *api.Server
}

// Changed is store.AccountListener's.
func (a accountReaders) Changed(id string) {
	a.Accounts.Changed(id)
	a.server.Recheck(id)
}
