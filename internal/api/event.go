// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5/middleware"

	"thalamus/internal/fed"
)

// event is what becomes known about one request; it ends as one line of the log.
type event struct {
	id      string // also the reply's X-Request-Id
	pattern string // of the route: the path itself holds account ids
	account fed.Account
	status  int // 0 until the reply has begun
	bytes   int64
	head    bool  // a HEAD request: what is written is not sent
	err     error // why, when it went wrong
}

type eventKey struct{}

func eventOf(r *http.Request) *event {
	ev, _ := r.Context().Value(eventKey{}).(*event)
	return ev
}

// event is the outermost room: request id, the end of panics, the line in the log.
func (s *Server) event(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		ev := &event{id: rand.Text(), head: r.Method == http.MethodHead}
		r = r.WithContext(context.WithValue(r.Context(), eventKey{}, ev))
		w.Header().Set("X-Request-Id", ev.id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		defer func() {
			fault := recover()
			s.recovered(&recorder{w, ev}, r, fault)
			s.logEvent(r, ev, time.Since(started))
			if fault != nil && (fault == http.ErrAbortHandler || ev.err == errCut) { //nolint:errorlint // net/http compares so, too
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(&recorder{w, ev}, r)
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

func (s *Server) logEvent(r *http.Request, ev *event, took time.Duration) {
	level := slog.LevelInfo
	if ev.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	fields := []slog.Attr{
		slog.String("request", ev.id),
		slog.String("method", r.Method),
		slog.String("route", ev.pattern),
		slog.String("account", ev.account.ID),
		slog.Int("status", ev.status),
		slog.Int64("bytes", ev.bytes),
		slog.Duration("took", took),
		slog.String("from", middleware.GetClientIP(r.Context())),
	}
	if ev.err != nil {
		fields = append(fields, slog.String("error", ev.err.Error()))
	}
	s.Log.LogAttrs(r.Context(), level, "request", fields...)
}

// recorder notes in the event what is sent.
type recorder struct {
	http.ResponseWriter
	ev *event
}

// WriteHeader is http.ResponseWriter's.
func (w *recorder) WriteHeader(status int) {
	if w.ev.status == 0 && status >= http.StatusOK { // below: there is more to come
		w.ev.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write is http.ResponseWriter's.
func (w *recorder) Write(p []byte) (int, error) {
	if w.ev.status == 0 {
		w.ev.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	if !w.ev.head {
		w.ev.bytes += int64(n)
	}
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
