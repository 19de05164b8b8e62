// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"thalamus/internal/auth"
	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// firstRequest is how long the last connections have for theirs.
const firstRequest = 5 * time.Second

// stage is how far a server has come: it waits for its database, serves, or drains.
type stage struct {
	opened chan struct{} // closed once the database is there
	ending chan struct{} // closed when the server is about to stop

	mu   sync.Mutex
	late map[net.Conn]http.ConnState // of connections that came afterwards
}

func newStage() *stage {
	return &stage{opened: make(chan struct{}), ending: make(chan struct{}), late: map[net.Conn]http.ConnState{}}
}

var errEnding = fed.Errorf(fed.Unavailable, "The server is about to stop; try again.")

// unready says why no more requests are to be sent here; nil: they are.
func (s *stage) unready() error {
	switch {
	case closed(s.ending):
		return errEnding
	case !closed(s.opened):
		return fed.Errorf(fed.Unavailable, "The server waits for its database.")
	}
	return nil
}

// held is a lookup of accounts that waits until the database is there. Each request that
// needs the database comes here first.
func (s *stage) held(lookup auth.Lookup) auth.Lookup {
	return func(ctx context.Context, id, upper string) (fed.Credentials, bool, error) {
		if err := s.await(ctx); err != nil {
			return fed.Credentials{}, false, err
		}
		return lookup(ctx, id, upper)
	}
}

// await waits until the database is there.
func (s *stage) await(ctx context.Context) error {
	if closed(s.opened) {
		return nil
	}
	select {
	case <-s.opened:
		return nil
	case <-s.ending:
		return errEnding
	case <-ctx.Done():
		return ctx.Err()
	}
}

// partingWith asks the clients of a server that is about to stop to come again over
// another connection: one that is closed while it is idle may have a request on its way.
func (s *stage) partingWith(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if closed(s.ending) {
			w.Header()["Connection"] = []string{"close"}
		}
		next.ServeHTTP(w, r)
	})
}

// meet notes connections that come late. It is http.Server.ConnState.
func (s *stage) meet(conn net.Conn, state http.ConnState) {
	if !closed(s.ending) {
		return
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	_, isLate := s.late[conn]
	switch {
	case state == http.StateClosed:
		delete(s.late, conn)
	case isLate, state == http.StateNew:
		s.late[conn] = state
	}
}

// settle waits until each late connection has brought its request: what comes after the
// beginning of http.Server.Shutdown is dropped without an answer.
func (s *stage) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, firstRequest)
	defer cancel()
	for ctx.Err() == nil && !s.settled() {
		pg.Pause(ctx, 10*time.Millisecond)
	}
}

// settled reports whether no late connection is without a request. After its reply it is
// closed; one of HTTP/2 is idle before its first request, too.
func (s *stage) settled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, state := range s.late {
		if state != http.StateActive {
			return false
		}
	}
	return true
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
