// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"thalamus/internal/fed"
)

// event is what becomes known about one request; it ends as one line of the log.
// It is the request's context and the writer of its reply as well, so that all
// of this is made at once.
type event struct {
	context.Context //nolint:containedctx // the one that net/http gives
	http.ResponseWriter
	routing *chi.Context // what the path says; used again after this request

	from    netip.Addr
	id      string // also the reply's X-Request-Id
	pattern string // of the route: the path itself holds account ids
	account fed.Account
	status  int // 0 until the reply has begun
	bytes   int64
	head    bool  // a HEAD request: what is written is not sent
	err     error // why, when it went wrong

	visit      visit // what the access record says
	unrecorded error // why it could not say it: nothing is sent then
}

type eventKey struct{}

// Value is context.Context's.
func (ev *event) Value(key any) any {
	if key == (eventKey{}) {
		return ev
	}
	return ev.Context.Value(key)
}

func eventOf(r *http.Request) *event {
	ev, _ := r.Context().Value(eventKey{}).(*event)
	return ev
}

var routings = sync.Pool{New: func() any { return chi.NewRouteContext() }}

var nosniff = []string{"nosniff"}

// event is the outermost room: request id, the end of panics, the line in the log.
func (s *Server) event(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		ev := &event{Context: r.Context(), ResponseWriter: w, from: from(r), id: rand.Text(), head: r.Method == http.MethodHead}
		ev.routing, _ = routings.Get().(*chi.Context)
		defer func() {
			ev.routing.Reset()
			routings.Put(ev.routing)
		}()
		r = r.WithContext(ev)
		w.Header().Set("X-Request-Id", ev.id)
		w.Header()["X-Content-Type-Options"] = nosniff
		defer func() {
			fault := recover()
			s.recovered(ev, r, fault)
			s.failUnrecorded(ev, r)
			s.logEvent(r, ev, started)
			if fault != nil && (fault == http.ErrAbortHandler || ev.err == errCut) { //nolint:errorlint // net/http compares so, too
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(ev, r)
	})
}

// errCut marks a reply that a panic ended after it had begun.
var errCut = errors.New("panic after the reply had begun")

// recovered answers a request whose handler panicked.
func (s *Server) recovered(w http.ResponseWriter, r *http.Request, fault any) {
	if fault == nil || fault == http.ErrAbortHandler { //nolint:errorlint // net/http compares so, too
		return
	}
	ev := eventOf(r)
	s.Log.Error("panic", "request", ev.id, "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
	if ev.status != 0 {
		ev.err = errCut
		return
	}
	s.fail(w, r, fmt.Errorf("panic: %v", fault))
}

func (s *Server) logEvent(r *http.Request, ev *event, started time.Time) {
	level := slog.LevelInfo
	if ev.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	log := s.Log.Handler()
	if !log.Enabled(r.Context(), level) {
		return
	}
	now := time.Now()
	line := slog.NewRecord(now, level, "request", 0) // slog itself would look for the caller, at some cost
	line.AddAttrs(
		slog.String("request", ev.id),
		slog.String("method", r.Method),
		slog.String("route", ev.pattern),
		slog.String("account", ev.account.ID),
		slog.Int("status", ev.status),
		slog.Int64("bytes", ev.bytes),
		slog.Duration("took", now.Sub(started)),
		slog.String("from", ev.from.String()),
	)
	if ev.err != nil {
		line.AddAttrs(slog.String("error", ev.err.Error()))
	}
	_ = log.Handle(r.Context(), line) // there is nowhere to tell that the log is broken
}

// WriteHeader is http.ResponseWriter's.
func (ev *event) WriteHeader(status int) {
	if ev.status == 0 && status >= http.StatusOK && !ev.begin(status) { // below: there is more to come
		return
	}
	ev.ResponseWriter.WriteHeader(status)
}

// Write is http.ResponseWriter's.
func (ev *event) Write(p []byte) (int, error) {
	if ev.status == 0 && !ev.begin(http.StatusOK) {
		return 0, ev.unrecorded
	}
	n, err := ev.ResponseWriter.Write(p)
	if !ev.head {
		ev.bytes += int64(n)
	}
	return n, err
}

// FlushError is http.ResponseController's: what is flushed has begun.
func (ev *event) FlushError() error {
	if ev.status == 0 && !ev.begin(http.StatusOK) {
		return ev.unrecorded
	}
	return http.NewResponseController(ev.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (ev *event) Unwrap() http.ResponseWriter { return ev.ResponseWriter }
