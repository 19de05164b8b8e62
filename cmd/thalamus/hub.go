// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"log/slog"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/api"
	"thalamus/internal/audit"
	"thalamus/internal/auth"
	"thalamus/internal/config"
	"thalamus/internal/deduplication"
	"thalamus/internal/document"
	"thalamus/internal/feed"
	"thalamus/internal/fhir"
	"thalamus/internal/gate"
	"thalamus/internal/manual"
	"thalamus/internal/metrics"
	"thalamus/internal/openapi"
	"thalamus/internal/server"
	"thalamus/internal/store"
	"thalamus/internal/task"
	"thalamus/internal/web"
)

// hub is what answers requests, and the loops beside it.
type hub struct {
	*gate.Gate
	feed  *feed.Feed
	stage *server.Stage
	start func() // starts the loops; to be called once, when the database is there
	stop  func() // ends them, and logins under way; to be called before the database is closed

	metrics *metrics.Metrics
}

// SetPolicy replaces who may do what, also for those who read the feed already.
func (h hub) SetPolicy(p *access.Policy) {
	h.Gate.SetPolicy(p)
	h.feed.Recheck("")
}

// newHub puts a hub together, and asks the database for nothing.
func newHub(ctx context.Context, c config.Config, p parts) (h hub, err error) {
	db, log := p.db, p.log
	h.stage = server.NewStage()
	accounts := auth.NewAccountCache(h.stage.Held(db.Credentials))

	verifier, err := auth.NewVerifier(auth.Options{
		Accounts: accounts,
		Cost:     c.Passwords.Cost,
		Remember: c.Login.Remember,
		Workers:  workers(c.Login),
		Throttle: c.Login.Throttle,
		Upgrade:  upgrade(db, accounts, c.Server.Patience, log),
		Pause:    gate.Pause,
	})
	if err != nil {
		return h, err
	}

	h.feed = feed.New(feed.Options{Store: db, Retention: c.Feed.Retention, Log: log})
	resources := api.Options{
		Store: db, Verifier: verifier, Passwords: passwords(c), Inbox: document.NewInbox(sizes(c.Server)), SearchFields: c.Search.Fields, Version: version,
		Unready: h.stage.Unready,
	}
	pages := newPortal(c, resources, h.stage, log)
	o, rows := gateOptions(c, p, verifier, h.feed.Written), slices.Concat(api.Rows(resources), h.feed.Rows(), manual.Rows())
	description, err := openapi.New(rows, version)
	if err != nil {
		return h, err
	}
	rows = append(rows, description.Rows()...)
	requests := metrics.NewRequests()
	o.Portal, o.Observe = pages, requests.Observe
	if c.Portal.Enabled {
		rows = append(rows, pages.Rows()...)
	}
	if c.FHIR.Enabled {
		rows = append(rows, fhir.New(fhir.Options{Store: db, Zone: c.FHIR.Location(), Version: version}).Rows()...)
	}

	h.Gate = gate.New(o, rows)
	index := audit.NewIndex(p.record, db, log)
	h.metrics = metrics.New(metrics.Parts{
		Version: version, Gate: h.Gate, Requests: requests, Verifier: verifier, Feed: h.feed, DB: db, Stage: h.stage, Inbox: resources.Inbox,
		Record: p.record, Index: index, Certs: p.certs, Sessions: sessionLimits(c.Portal), Log: log,
	})

	var stops []func()
	h.start = func() {
		stops = append(stops, watch(ctx, db, accountReaders{accounts, h.feed}, log).Stop)
		_ = db.Health(ctx) // the other loops write nothing where it says that they cannot
		stops = append(stops, h.feed.Start(ctx).Stop, pages.Start(ctx).Stop,
			index.Start(ctx), h.metrics.Start(ctx).Stop, keepStatistics(ctx, db, log).Stop,
			deduplication.Daily{DB: db, Clock: c.Portal.Duplicates, Log: log}.Start(ctx).Stop)
	}
	h.stop = func() {
		verifier.Close()
		for _, stop := range stops {
			stop()
		}
	}
	return h, nil
}

func gateOptions(c config.Config, p parts, verifier *auth.Verifier, written func()) gate.Options {
	return gate.Options{
		Verifier: verifier, Policy: p.policy, StoredID: p.db.StoredID, Withholds: p.db.Withholds, Acts: p.db.Acts, CountPrivate: p.db.CountPrivate,
		Openings: p.db.Openings, Replicas: p.db.Replicas(), Record: p.record, Written: written,
		Log:     p.log,
		Timeout: c.Server.Patience, Sizes: sizes(c.Server),
		Memory:      memory(c.Server, debug.SetMemoryLimit(-1)), // which only asks
		MaxGrowth:   int64(c.Server.MaxGrowth),
		Site:        web.Site{Title: c.Server.Title, Contact: c.Server.Contact},
		CORSOrigins: c.Server.CORSOrigins, TrustedProxies: c.Server.TrustedProxies, BasePath: c.Server.BasePath,
	}
}

func sizes(c config.Server) gate.Sizes {
	return gate.Sizes{MaxBody: int64(c.MaxBody), MaxElements: c.MaxElements, MaxDocument: int64(c.MaxDocument)}
}

// memory is a quarter of what the Go runtime was told to keep to, if it was told.
func memory(c config.Server, limit int64) int64 {
	if c.Memory > 0 {
		return int64(c.Memory)
	}

	usual := int64(256 << 20)
	if limit < math.MaxInt64 {
		usual = limit / 4
	}
	return max(usual, config.MinBodies*int64(c.MaxBody))
}

// workers leaves a core to those who are logged in already.
func workers(c config.Login) int {
	if c.Workers > 0 {
		return c.Workers
	}
	return max(1, runtime.GOMAXPROCS(0)-1)
}

// watch keeps the accounts in memory true, and what is known of the database's health and of its
// replicas, until it is stopped. It outlives ctx: the last requests need it, too.
func watch(ctx context.Context, db *store.DB, accounts store.AccountListener, log *slog.Logger) *task.Task {
	return task.Start(context.WithoutCancel(ctx), db.WatchHealth, func(ctx context.Context) {
		db.WatchAccounts(ctx, accounts, func(err error) {
			log.Warn("changes of accounts are not heard; every account is read from the database", "error", err)
		})
	}, func(ctx context.Context) { db.Replicas().Watch(ctx, tellReplica(log)) })
}

// keepStatistics counts persons and pages now and again, until it is stopped.
func keepStatistics(ctx context.Context, db *store.DB, log *slog.Logger) *task.Task {
	return task.Start(ctx, func(ctx context.Context) {
		db.KeepStatistics(ctx, func(err error) { log.Warn("the statistics grow old: nothing was counted", "error", err) })
	})
}

// upgrade stores dearer hashes. The login that brings one is right in any case, and waits
// no longer than this.
func upgrade(db *store.DB, accounts *auth.AccountCache, patience time.Duration, log *slog.Logger) func(ctx context.Context, id, from, to string) error {
	return func(ctx context.Context, id, from, to string) error {
		if db.ReadOnly() { // the login does not wait for what cannot be written
			return store.ErrReadOnly
		}

		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		err := db.UpgradeHash(ctx, id, from, to)
		if err != nil {
			log.Warn("a hash was not upgraded", "error", err)
		}
		accounts.Changed(id)
		return err
	}
}

// accountReaders tells the memory of accounts what changed, and then the readers of
// the feed, who may have to leave.
type accountReaders struct {
	*auth.AccountCache
	feed *feed.Feed
}

// Changed is store.AccountListener's.
func (a accountReaders) Changed(id string) {
	a.AccountCache.Changed(id)
	a.feed.Recheck(id)
}
