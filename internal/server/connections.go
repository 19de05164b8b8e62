// SPDX-License-Identifier: GPL-3.0-or-later

package server

import (
	"context"
	"net"
	"net/http"
	"time"

	"thalamus/internal/pg"
)

// firstRequestTimeout is how long the last connections have for their first request.
const firstRequestTimeout = 5 * time.Second

// partingWith asks the clients of a server that is about to stop to come again over
// another connection: one that is closed while it is idle may have a request on its way.
func (s *HTTP) partingWith(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if closed(s.stage.draining) {
			w.Header()["Connection"] = []string{"close"}
		}
		next.ServeHTTP(w, r)
	})
}

// meet notes connections that come late. It is http.Server.ConnState.
func (s *HTTP) meet(conn net.Conn, state http.ConnState) {
	if !closed(s.stage.draining) {
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
func (s *HTTP) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, firstRequestTimeout)
	defer cancel()
	for ctx.Err() == nil && !s.settled() {
		pg.Pause(ctx, 10*time.Millisecond)
	}
}

// settled reports whether no late connection is without a request. After its reply it is
// closed; one of HTTP/2 is idle before its first request, too.
func (s *HTTP) settled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, state := range s.late {
		if state != http.StateActive {
			return false
		}
	}
	return true
}
