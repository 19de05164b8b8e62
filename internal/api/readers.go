// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/limit"
	"thalamus/internal/store"
)

// Feed answers those who read the changes. Most of them wait for something to come, and
// hold no connection to the database meanwhile.
type Feed struct {
	db               *store.DB
	heartbeat, stall time.Duration // of streams

	stopping chan struct{} // closed when the server begins to stop
	stop     sync.Once
	grown    atomic.Uint64 // how often something has come

	mu  sync.Mutex
	all map[*reader]struct{}
}

func newFeed(db *store.DB) *Feed {
	return &Feed{db: db, heartbeat: heartbeat, stall: slowestTime, stopping: make(chan struct{}), all: map[*reader]struct{}{}}
}

func (f *Feed) rows() []Row {
	return []Row{{"GET", "/changes", access.Changes, OfFilter, JSON, Flowing, f.getChanges}}
}

// reader is one who reads the feed at this moment.
type reader struct {
	question
	query   store.FeedQuery // of the next page; what it may see changes under the lock of Feed
	wake    chan struct{}   // something may have come
	caller  Caller          // as the account and the roles file were when that was looked at last
	session *auth.Session
	hold    *limit.Hold // of the memory for a page
	grown   uint64      // what Feed.grown was before the feed was last read
}

func (f *Feed) newReader(r *http.Request, c *Caller, q question) *reader {
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

func (f *Feed) show(reader *reader, caller string, all, own, deleted []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	q := &reader.query
	q.Caller, q.All, q.Own, q.Deleted = caller, all, own, deleted
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
		if account == "" || reader.query.Caller == account {
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
	mine := news.Person == q.Caller
	switch {
	case q.Person != "" && q.Person != news.Person:
		return false
	case slices.Contains(q.All, news.Resource):
		return true
	}
	return mine && slices.Contains(q.Own, news.Resource)
}
