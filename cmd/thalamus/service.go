// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"log/slog"
	"net"
	"os"

	"thalamus/internal/config"
	"thalamus/internal/listen"
	"thalamus/internal/logging"
	"thalamus/internal/server"
	"thalamus/internal/store"
	"thalamus/internal/systemd"
)

// service is a hub as serve and demo run it.
type service struct {
	config  config.Config
	file    string                                                    // of the configuration
	hangups <-chan os.Signal                                          // make it reload its files; nil: none do
	listen  func(context.Context) ([]net.Listener, error)             // called when all else is well
	started func(ctx context.Context, db *store.DB, log *slog.Logger) // called when it serves
}

// run assembles a hub, runs it until ctx ends, and then takes it apart.
func (s service) run(ctx context.Context, env environment) error {
	defer allocateBallast()()
	buffer := logging.NewBuffer(env.stderr)
	defer buffer.Flush()

	p, err := openParts(s.config, buffer.Log(s.config.Log), env)
	if err != nil {
		return err
	}
	defer p.close()

	h, err := newHub(ctx, s.config, p)
	if err != nil {
		return err
	}
	defer h.stop()

	stopMonitor, err := startMonitor(ctx, s.config.Admin.Listen, h, p.log)
	if err != nil {
		return err
	}
	defer stopMonitor()

	listeners, err := s.listen(ctx)
	if err != nil {
		return err
	}

	reloading := onHangup(ctx, s.hangups, func() { reload(h, s.config, p) })
	defer reloading.Stop()
	return s.server(h, p, listeners, env).Run(ctx)
}

// server is the hub on its listeners.
func (s service) server(h hub, p parts, listeners []net.Listener, env environment) server.Server {
	c := s.config.Server
	http := server.NewHTTP(h, h.stage, c.Patience, p.log)
	http.RegisterOnShutdown(h.feed.EndSubscriptions)
	if p.certs != nil {
		if c.HSTS {
			http.RequireTLS(p.certs.Issued)
		}
		for i, listener := range listeners {
			listeners[i] = listen.TLS(listener, p.certs.Config(p.log))
		}
	}

	return server.Server{
		HTTP: http, Listeners: listeners, TLS: p.certs != nil, Version: version,
		DB:       p.db,
		CheckFit: func(ctx context.Context) error { return checkFit(ctx, p.db, s.file) },
		Start:    h.start,
		Started:  func(ctx context.Context) { s.started(ctx, p.db, p.log) },

		DrainDelay: c.DrainDelay, ShutdownTimeout: c.ShutdownTimeout,
		Notify: systemd.Notifier(env.environ, p.log), Log: p.log,
	}
}
