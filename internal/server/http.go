// SPDX-License-Identifier: GPL-3.0-or-later

package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"thalamus/internal/listen"
	"thalamus/internal/task"
)

// HTTP is the server as its clients see it.
type HTTP struct {
	*http.Server
	stage *Stage

	mu   sync.Mutex
	late map[net.Conn]http.ConnState // of connections that came when it was draining
}

// NewHTTP bounds what a connection may cost before a request is understood, and after its
// patience.
func NewHTTP(handler http.Handler, stage *Stage, patience time.Duration, log *slog.Logger) *HTTP {
	s := &HTTP{stage: stage, late: map[net.Conn]http.ConnState{}}
	s.Server = &http.Server{
		Handler:           s.partingWith(handler),
		ConnState:         s.meet,
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      patience + 3*time.Minute, // with a body, or the wait of a first login; what flows moves it on
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          errorLog(log),
	}
	return s
}

// listenUntil serves the listeners until ctx ends or one of them fails, and then lets running
// requests finish within a timeout.
func (s *HTTP) listenUntil(ctx context.Context, timeout time.Duration, log *slog.Logger, listeners ...net.Listener) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)

	var serving []func(context.Context)
	for _, listener := range listeners {
		serving = append(serving, func(context.Context) { fail(failed{s.Serve(listener)}) })
	}

	accepting := task.Start(ctx, serving...)
	<-ctx.Done()
	_ = listen.Close(listeners) // one of them may be closed already
	accepting.Stop()
	s.drain(context.WithoutCancel(ctx), timeout, log)

	if err, ok := context.Cause(ctx).(failed); ok { //nolint:errorlint // a cause of this function, not wrapped
		return fmt.Errorf("serve: %w", err.error)
	}
	return nil
}

// failed is the error of a listener.
type failed struct{ error }

// drain lets running requests finish, and cuts them off at the timeout.
func (s *HTTP) drain(ctx context.Context, timeout time.Duration, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	s.settle(ctx)
	if s.Shutdown(ctx) != nil {
		log.Warn("requests did not finish in time and are cut off")
		_ = s.Close()
	}
}
