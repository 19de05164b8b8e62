// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// newHTTP bounds what a connection may cost before a request is understood, and after its
// patience. When it shuts down, those who wait for changes are let go first.
func newHTTP(server hub, patience time.Duration, log *slog.Logger) *http.Server {
	h := &http.Server{
		Handler:           server,
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      patience + 3*time.Minute, // with a body, or the wait of a first login; what flows moves it on
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	h.RegisterOnShutdown(server.feed.EndReading)
	return h
}

// listenUntil serves the listeners until ctx ends, and then lets running
// requests finish for the time that is given.
func listenUntil(ctx context.Context, server *http.Server, patience time.Duration, log *slog.Logger, listeners ...net.Listener) error {
	ended := make(chan error, len(listeners))
	for _, listener := range listeners {
		go func() { ended <- server.Serve(listener) }()
	}
	running := len(listeners)
	var err error
	select {
	case err = <-ended:
		running--
	case <-ctx.Done():
		log.Info("stopping", "patience", patience)
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if server.Shutdown(drain) != nil {
		log.Warn("requests did not finish in time and are cut off")
		_ = server.Close()
	}
	for range running {
		<-ended //nolint:errcheck // http.ErrServerClosed, of a listener that was closed here
	}
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
