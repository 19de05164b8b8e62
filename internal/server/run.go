// SPDX-License-Identifier: GPL-3.0-or-later

// Package server runs a hub: it listens at once, waits for its database, serves, and drains.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"thalamus/internal/listen"
	"thalamus/internal/pg"
	"thalamus/internal/store"
	"thalamus/internal/task"
)

const (
	checkTimeout    = 4 * time.Second        // of an address that accepts and says nothing
	retryInterval   = 500 * time.Millisecond // after the database was away, or did not fit
	warningInterval = 10 * time.Second       // of the reason why the database is still waited for
)

// Server is a hub that is run.
type Server struct {
	HTTP      *HTTP
	Listeners []net.Listener
	TLS       bool   // they speak it, for the log
	Version   string // for the log

	DB       *store.DB
	CheckFit func(context.Context) error // says why a database that answers cannot be served
	Start    func()                      // starts the loops beside the requests, once the database is there
	Started  func(context.Context)       // called when it serves

	DrainDelay      time.Duration // for balancers, which notice late that no more requests are to be sent
	ShutdownTimeout time.Duration // for running requests

	Notify func(state string) // tells the service manager
	Log    *slog.Logger
}

// Run listens from the beginning to the end, which comes after ctx.
func (s Server) Run(ctx context.Context) error {
	listening, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()

	var lived error
	life := task.Start(ctx, func(ctx context.Context) {
		defer end()
		lived = s.live(ctx, listening)
	})

	err := s.HTTP.listenUntil(listening, s.ShutdownTimeout, s.Log, s.Listeners...)
	end()
	life.Stop()
	return errors.Join(err, lived)
}

// live returns when the listeners are to be closed: ctx has ended, and balancers had the time
// to notice. An error says that the database will never fit.
func (s Server) live(ctx, listening context.Context) error {
	err := s.serve(ctx)
	close(s.HTTP.stage.draining)
	s.Notify("STOPPING=1\nSTATUS=finishing the requests under way")
	if closed(s.HTTP.stage.serving) {
		s.Log.Info("stopping", "delay", s.DrainDelay, "patience", s.ShutdownTimeout)
		pg.Pause(listening, s.DrainDelay)
	}
	return err
}

func (s Server) serve(ctx context.Context) error {
	if err := s.await(ctx); err != nil || ctx.Err() != nil {
		return err
	}

	s.Start()
	close(s.HTTP.stage.serving)
	s.Log.Info("serving", "version", s.Version, "address", s.address(), "tls", s.TLS)
	s.Notify("READY=1\nSTATUS=serving " + s.address())
	s.Started(ctx)
	<-ctx.Done()
	return nil
}

// await returns when the database fits, or never will.
func (s Server) await(ctx context.Context) error {
	var warned time.Time
	older := false
	for {
		err := s.check(ctx)
		isOlder := errors.Is(err, store.ErrOlder)
		switch {
		case err == nil, ctx.Err() != nil:
			return nil
		case !isOlder && !errors.Is(err, store.ErrAway):
			return err
		}

		if time.Since(warned) >= warningInterval || isOlder != older {
			warned, older = time.Now(), isOlder
			s.Log.Warn("waiting for the database", "address", s.address(), "error", err)
			s.Notify("STATUS=waiting for the database: " + err.Error())
		}

		pg.Pause(ctx, retryInterval)
	}
}

// check says why the database cannot be served. A server must hear what changes there.
func (s Server) check(ctx context.Context) error {
	soon, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()

	if err := s.DB.CheckVersion(soon); err != nil {
		return err
	}
	if err := s.DB.CheckListening(ctx); err != nil {
		return err
	}
	return s.CheckFit(ctx)
}

// address is where the listeners listen, for the log.
func (s Server) address() string { return listen.Addresses(s.Listeners) }
