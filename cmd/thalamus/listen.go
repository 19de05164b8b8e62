// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"thalamus/internal/config"
)

// public is a server as its clients see it.
type public struct {
	*http.Server
	stage *stage
}

// newHTTP bounds what a connection may cost before a request is understood, and after its
// patience. When it shuts down, those who wait for changes are let go first.
func newHTTP(server hub, patience time.Duration, log *slog.Logger) public {
	h := &http.Server{
		Handler:           server.stage.partingWith(server),
		ConnState:         server.stage.meet,
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      patience + 3*time.Minute, // with a body, or the wait of a first login; what flows moves it on
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          errorLog(log),
	}

	h.RegisterOnShutdown(server.feed.EndSubscriptions)
	return public{h, server.stage}
}

// openListeners listens where systemd does, or else where the configuration says.
func openListeners(ctx context.Context, c config.Server, environ []string) ([]net.Listener, error) {
	listeners, err := givenListeners(environ)
	if err != nil {
		return nil, err
	}

	for _, listener := range listeners {
		if err := c.CheckExposure(listener.Addr().String()); err != nil {
			return nil, errors.Join(err, closeAll(listeners))
		}
	}

	if len(listeners) > 0 {
		return listeners, nil
	}

	if err := c.CheckExposure(c.Listen); err != nil {
		return nil, err
	}

	listener, err := (&net.ListenConfig{Control: shortBacklog}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("server.listen: %w", err)
	}
	return []net.Listener{listener}, nil
}

// addresses are where listeners listen, for the log.
func addresses(listeners []net.Listener) string {
	var all []string
	for _, listener := range listeners {
		all = append(all, listener.Addr().String())
	}
	return strings.Join(all, ",")
}

// listenUntil serves the listeners until ctx ends, and then lets running
// requests finish for the time that is given.
func listenUntil(ctx context.Context, server public, patience time.Duration, log *slog.Logger, listeners ...net.Listener) error {
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
	}

	_ = closeAll(listeners) // which may be closed already
	for range running {
		<-ended //nolint:errcheck // it was closed here
	}

	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()

	server.stage.settle(drain)
	if server.Shutdown(drain) != nil {
		log.Warn("requests did not finish in time and are cut off")
		_ = server.Close()
	}

	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
