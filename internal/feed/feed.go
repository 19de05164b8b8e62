// SPDX-License-Identifier: GPL-3.0-or-later

// Package feed is the face of the changes: who asks for them, waits for them, or has them
// sent as they come. It publishes them, too, beside the server.
package feed

import (
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/limit"
	"thalamus/internal/store"
)

// Feed answers those who read the changes. Most of them wait for something to come, and
// hold no connection to the database meanwhile.
type Feed struct {
	db        *store.DB
	retention time.Duration
	longOpen  time.Duration         // how long a transaction that has written may be open
	seen      map[string]*time.Time // since when the ones are open that were when this was last looked at
	log       *slog.Logger
	written   chan struct{} // this server has written something

	heartbeat, stall time.Duration // of streams

	stopping chan struct{} // closed when the server begins to stop
	stop     sync.Once
	grown    atomic.Uint64 // how often something has come

	mu  sync.Mutex
	all map[*reader]struct{}
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
		db: o.Store, retention: o.Retention, longOpen: time.Minute, log: o.Log, written: make(chan struct{}, 1),
		heartbeat: heartbeat, stall: gate.SlowestTime,
		stopping: make(chan struct{}), all: map[*reader]struct{}{},
	}
}

// Rows are those of the route table that the feed answers.
func (f *Feed) Rows() []gate.Row {
	return []gate.Row{{
		Method: http.MethodGet, Pattern: "/changes", Endpoint: access.Changes,
		Subject: gate.OfFilter, Pace: gate.Flowing, Handle: f.getChanges, Parameters: parameters.Rules(),
	}}
}

// reader is one who reads the feed at this moment.
type reader struct {
	question
	query   store.FeedQuery // of the next page; what it may see changes under the lock of Feed,
	account string          // and so does this, the caller's
	wake    chan struct{}   // something may have come
	caller  gate.Caller     // as the account and the roles file were when that was looked at last
	session *auth.Session
	hold    *limit.Hold  // of the memory for a page
	grown   uint64       // what Feed.grown was before the feed was last read
	told    access.Reach // of whom the access record says that this stream tells
}

func (f *Feed) newReader(r *http.Request, c *gate.Caller, q question) *reader {
	reader := &reader{
		question: q, wake: make(chan struct{}, 1), caller: *c, session: c.Session(r), hold: c.OpenHold(),
		query: store.FeedQuery{Limit: q.limit, Person: c.Subject, NotNode: q.notNode, NoData: q.noData},
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all[reader] = struct{}{}
	return reader
}

func (f *Feed) leave(reader *reader) {
	reader.hold.Release()
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.all, reader)
}

func (f *Feed) show(reader *reader, caller string, all, own, deleted []fed.Resource) {
	f.mu.Lock()
	defer f.mu.Unlock()
	q := &reader.query
	reader.account, q.All, q.Own, q.Deleted = caller, all, own, deleted
}

// Published wakes who waits for one of these changes; nil wakes all.
func (f *Feed) Published(news []store.News) {
	f.grown.Add(1)
	f.mu.Lock()
	defer f.mu.Unlock()
	for reader := range f.all {
		if news == nil || slices.ContainsFunc(news, reader.concerned) {
			reader.poke()
		}
	}
}

// Recheck lets the readers of an account, or all with "", look whether they may
// stay.
func (f *Feed) Recheck(account string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for reader := range f.all {
		if account == "" || reader.account == account {
			reader.poke()
		}
	}
}

// EndReading ends streams and lets who waits go with nothing, for good: the server
// is about to stop.
func (f *Feed) EndReading() { f.stop.Do(func() { close(f.stopping) }) }

func (reader *reader) poke() {
	select {
	case reader.wake <- struct{}{}:
	default: // it has not looked since
	}
}

// concerned reports whether the reader could see such a change, or is its subject.
func (reader *reader) concerned(news store.News) bool {
	q := &reader.query
	mine := news.Person == reader.account
	switch {
	case q.Person != "" && q.Person != news.Person:
		return false
	case slices.Contains(q.All, news.Resource):
		return true
	}
	return mine && slices.Contains(q.Own, news.Resource)
}
