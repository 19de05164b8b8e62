// SPDX-License-Identifier: GPL-3.0-or-later

// Package feed is the face of the changes: pages of changes after a cursor, long polls and
// event streams. It publishes the changes, too, beside the server, and applies their
// retention.
package feed

import (
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// Feed answers the subscribers of the changes. Most of them wait for changes to come, and
// hold no connection to the database meanwhile.
type Feed struct {
	db        *store.DB
	retention time.Duration
	log       *slog.Logger
	written   chan struct{} // this server has written something

	longWriterAge time.Duration         // how long a transaction that has written may be open
	firstSeen     map[string]*time.Time // when the open transactions of the last look began, or were seen first

	heartbeat, stall time.Duration // of event streams

	stopping     chan struct{} // closed when the server begins to stop
	stop         sync.Once
	publications atomic.Uint64 // how often changes were published

	mu          sync.Mutex
	subscribers map[*subscriber]struct{}
	followers   followers
	positions   positions
}

// Options is what a Feed is made of.
type Options struct {
	Store     *store.DB
	Retention time.Duration // how long changes are kept; 0: for ever
	Log       *slog.Logger
}

// New makes a Feed. It starts nothing.
func New(o Options) *Feed {
	return &Feed{
		db: o.Store, retention: o.Retention, longWriterAge: time.Minute, log: o.Log, written: make(chan struct{}, 1),
		heartbeat: heartbeat, stall: gate.StallTimeout,
		stopping: make(chan struct{}), subscribers: map[*subscriber]struct{}{}, followers: followers{}, positions: positions{},
	}
}

// Rows are those of the route table that the feed answers.
func (f *Feed) Rows() []gate.Row {
	return []gate.Row{{
		Method: http.MethodGet, Pattern: "/changes", Endpoint: access.Changes,
		Subject: gate.OfFilter, BodyTimeout: gate.LongBody, Handle: f.getChanges, Parameters: parameters.Rules(),
	}}
}

// Published wakes the subscribers of these changes; nil wakes all.
func (f *Feed) Published(news []store.ChangeNotice) {
	f.mu.Lock()
	defer f.mu.Unlock()

	if !ofOpenings(news) {
		f.publications.Add(1)
		f.followers.published(time.Now())
	}
	for s := range f.subscribers {
		if news == nil || slices.ContainsFunc(news, s.matches) {
			s.notify()
		}
	}
}

// Recheck lets the subscribers of an account, or all with "", look whether they may
// stay.
func (f *Feed) Recheck(account string) {
	f.mu.Lock()
	defer f.mu.Unlock()

	for s := range f.subscribers {
		if account == "" || s.account == account {
			s.notify()
		}
	}
}

// EndSubscriptions ends event streams and answers long polls with no changes, for good: the
// server is about to stop.
func (f *Feed) EndSubscriptions() { f.stop.Do(func() { close(f.stopping) }) }
