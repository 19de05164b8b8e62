// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"thalamus/internal/auth"
	"thalamus/internal/limit"
	"thalamus/internal/store"
)

// readers are those who read the feed at this moment, most of whom wait for
// something to come. They hold no connection to the database meanwhile.
type readers struct {
	stopping chan struct{} // closed when the server begins to stop
	stop     sync.Once
	grown    atomic.Uint64 // how often something has come

	mu  sync.Mutex
	all map[*reader]struct{}
}

// reader is one of them.
type reader struct {
	question
	query   store.FeedQuery // of the next page; what it may see changes under the lock of readers
	wake    chan struct{}   // something may have come
	session *auth.Session
	hold    *limit.Hold // of the memory for a page
	grown   uint64      // what readers.grown was before the feed was last read
}

func (s *Server) newReader(r *http.Request, q question) *reader {
	id, password, _ := credentials(r)
	reader := &reader{
		question: q, wake: make(chan struct{}, 1), session: s.Verifier.Session(eventOf(r).from, id, password),
		hold:  s.memory.Open(caller(r).ID),
		query: store.FeedQuery{Limit: q.limit, Person: q.person, NotNode: q.notNode, NoData: q.noData},
	}
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	s.feed.all[reader] = struct{}{}
	return reader
}

func (f *readers) leave(reader *reader) {
	reader.hold.Release()
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.all, reader)
}

func (f *readers) show(reader *reader, caller string, all, own, deleted []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	q := &reader.query
	q.Caller, q.All, q.Own, q.Deleted = caller, all, own, deleted
}

// Published wakes who waits for one of these changes; nil wakes all.
func (s *Server) Published(news []store.News) {
	f := &s.feed
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
func (s *Server) Recheck(account string) {
	f := &s.feed
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
func (s *Server) EndReading() { s.feed.stop.Do(func() { close(s.feed.stopping) }) }

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
