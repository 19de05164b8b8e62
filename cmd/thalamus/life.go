// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"thalamus/internal/check"
	"thalamus/internal/config"
	"thalamus/internal/pg"
	"thalamus/internal/store"
)

const (
	answerTime = 4 * time.Second        // an address that accepts and says nothing is told of after it
	askAgain   = 500 * time.Millisecond // after the database was away, or did not fit
	sayAgain   = 10 * time.Second       // why the database is still waited for
)

// life is that of a server: it waits for its database, serves, and drains.
type life struct {
	server  hub
	db      *store.DB
	config  config.Config
	file    string             // of the configuration
	address string             // where it listens
	tell    func(state string) // to systemd
	log     *slog.Logger
}

// run listens from the beginning of that life to its end.
func (l life) run(ctx context.Context, public public, listeners []net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	listening, end := context.WithCancel(context.WithoutCancel(ctx))
	lived := make(chan error, 1)
	go func() {
		defer end()
		lived <- l.live(ctx, listening)
	}()

	err := listenUntil(listening, public, l.config.Server.ShutdownTimeout, l.log, listeners...)
	stop()
	end()
	return errors.Join(err, <-lived)
}

// live lasts until nobody is to be listened to any more: ctx has ended, and balancers had
// the time to notice. An error says that the database will never fit.
func (l life) live(ctx, listening context.Context) error {
	err := l.serve(ctx)
	close(l.server.stage.ending)
	l.tell("STOPPING=1\nSTATUS=finishing the requests under way")
	if closed(l.server.stage.opened) {
		l.log.Info("stopping", "delay", l.config.Server.DrainDelay, "patience", l.config.Server.ShutdownTimeout)
		pg.Pause(listening, l.config.Server.DrainDelay)
	}
	return err
}

func (l life) serve(ctx context.Context) error {
	if err := l.await(ctx); err != nil || ctx.Err() != nil {
		return err
	}

	l.server.start()
	l.log.Info("serving", "version", version, "address", l.address, "tls", l.config.Server.TLSCert != "")
	l.tell("READY=1\nSTATUS=serving " + l.address)
	l.warn(ctx)
	<-ctx.Done()
	return nil
}

// warn tells the log what is not as it should be, but no reason to stop.
func (l life) warn(ctx context.Context) {
	for _, f := range check.AtStart(ctx, siteOf(l.config, l.file, l.db)) {
		l.log.Warn(f.Says, "check", f.Check, "remedy", f.Remedy)
	}
}

// await returns when the database fits, or never will.
func (l life) await(ctx context.Context) error {
	var said time.Time
	older := false
	for {
		err := l.check(ctx)
		isOlder := errors.Is(err, store.ErrOlder)
		switch {
		case err == nil, ctx.Err() != nil:
			return nil
		case !isOlder && !errors.Is(err, store.ErrAway):
			return err
		}

		if time.Since(said) >= sayAgain || isOlder != older {
			said, older = time.Now(), isOlder
			l.log.Warn("waiting for the database", "address", l.address, "error", err)
			l.tell("STATUS=waiting for the database: " + err.Error())
		}

		pg.Pause(ctx, askAgain)
	}
}

// check says why the database cannot be served. A server must hear what changes there.
func (l life) check(ctx context.Context) error {
	soon, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()

	if err := l.db.CheckVersion(soon); err != nil {
		return err
	}
	if err := l.db.CheckListening(ctx); err != nil {
		return err
	}
	return checkFit(ctx, l.db, l.file)
}
