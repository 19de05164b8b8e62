// SPDX-License-Identifier: GPL-3.0-or-later

// Package monitor serves those who run a hub, at an address of its own: metrics, health, and profiles of the
// program (pprof). There is no login, and nothing of what it shows is of a person. It is there before the
// hub serves and until it has ended, and its clients can hold nothing that others need.
package monitor

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"thalamus/internal/task"
)

const (
	scrapeTimeout  = 10 * time.Second // for a client to take the metrics
	profileTimeout = 2 * time.Minute  // for a profile, whatever ?seconds= says
	endTimeout     = time.Second      // for what is being sent at the end
)

// Options are what is served.
type Options struct {
	Metrics, Health http.Handler
	Log             *slog.Logger
}

// Listen listens at an address. The caller serves it.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("admin.listen: %w", err)
	}
	return listener, nil
}

// Serve serves a listener until ctx ends, and closes it.
func Serve(ctx context.Context, listener net.Listener, o Options) {
	server := &http.Server{
		Handler: handler(o), ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second, WriteTimeout: profileTimeout, IdleTimeout: profileTimeout,
		MaxHeaderBytes: 16 << 10,
	}

	serving := task.Start(ctx, func(ctx context.Context) {
		err := server.Serve(listener)
		if ctx.Err() == nil {
			o.Log.Error("admin.listen is served no more", "error", err)
		}
	})
	<-ctx.Done()
	end(context.WithoutCancel(ctx), server)
	serving.Stop()
}

func end(ctx context.Context, server *http.Server) {
	ctx, cancel := context.WithTimeout(ctx, endTimeout)
	defer cancel()

	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}

// handler finds what is asked for.
func handler(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", soon(o.Metrics))
	mux.Handle("GET /health/live", o.Health)
	mux.Handle("GET /health/ready", o.Health)
	handleProfiles(mux)
	return mux
}

// soon gives a client little time to take a reply.
func soon(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(scrapeTimeout)) // any server's connection has one
		next.ServeHTTP(w, r)
	})
}
