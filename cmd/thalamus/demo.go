// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"

	"thalamus/internal/audit"
	"thalamus/internal/command"
	"thalamus/internal/config"
	"thalamus/internal/demo"
	"thalamus/internal/localpg"
	"thalamus/internal/logging"
	"thalamus/internal/store"
)

const demoAbout = `Serves a small invented federation on https://localhost:8443, with a PostgreSQL
of its own. Its passwords are public, so it listens on this machine only. What
is changed is kept for the next time. While it runs, other commands work on it
with --config DIR/thalamus.toml.`

// demoOptions are the flags of "thalamus demo".
type demoOptions struct {
	data  string
	fresh bool
	port  uint
}

func demoCommand(env environment) command.Command {
	o := demoOptions{port: 8443}
	return command.Command{
		Name: "demo", Summary: "try it: a small invented federation", About: demoAbout,
		Flags: []command.Flag{
			{Name: "data", Placeholder: "DIR", Into: &o.data,
				Help: "where the demo lives", Default: "thalamus/demo in your state folder, /var/lib/thalamus/demo for root"},
			{Name: "fresh", Help: "throw the demo's data away and start over; stop it before", Into: &o.fresh},
			{Name: "port", Placeholder: "N", Help: "the port to listen on", Default: "8443", Into: &o.port},
		},
		Run: func(ctx context.Context, _ []string) error { return runDemo(ctx, o, env) },
	}
}

func runDemo(ctx context.Context, o demoOptions, env environment) (err error) {
	dir, err := openDemoDir(ctx, o.data, o.fresh, env.stderr)
	if err != nil {
		return err
	}

	listeners, err := demoListeners(ctx, o.port)
	if err != nil {
		return err
	}

	postgres, err := localpg.Start(ctx, localpg.Options{Dir: dir.postgres()})
	if err != nil {
		return errors.Join(stopFirst(err), closeAll(listeners))
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	return serveDemo(ctx, dir, postgres, o.port, listeners, env)
}

// serveDemo serves until ctx ends, or the database does.
func serveDemo(ctx context.Context, dir demoDir, postgres *localpg.Server, port uint, listeners []net.Listener, env environment) error {
	certs, c, err := dir.configure(postgres.URL("postgres"), port)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}

	buffer := logging.NewBuffer(env.stderr)
	defer buffer.Flush()

	log := buffer.Logger(logging.New(c.Log, buffer.Writer()))
	db, err := openDemo(ctx, dir, c, env.stderr)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	defer db.Close()

	policy, err := loadPolicy(c, log)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}

	record, err := audit.Open(c.Access.Record, nil)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	defer func() { _ = record.Close() }()

	server, stop, err := newServer(ctx, c, parts{db, policy, record, log})
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	defer stop()

	server.start()
	for i, listener := range listeners {
		listeners[i] = certs.listen(listener, log)
	}

	ctx, release := untilDone(ctx, postgres.Done())
	defer release()

	greet(env.stdout, dir, port)
	log.Info("serving", "version", version, "address", listeners[0].Addr().String(), "tls", true)
	return listenUntil(ctx, newHTTP(server, c.Server.Patience, log), c.Server.ShutdownTimeout, log, listeners...)
}

// untilDone gives a context that also ends with done.
func untilDone(ctx context.Context, done <-chan struct{}) (until context.Context, release func()) {
	until, cancel := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-done:
			cancel()
		case <-until.Done():
		}
	}()
	return until, func() {
		cancel()
		<-watched
	}
}

// openDemo opens the demo's database, which the first time it fills.
func openDemo(ctx context.Context, dir demoDir, c config.Config, progress io.Writer) (*store.DB, error) {
	db, err := store.Open(ctx, options(c))
	if err != nil {
		return nil, err
	}

	_, err = db.Migrate(ctx)
	if err == nil {
		err = dir.once("filled", func() error {
			fmt.Fprintln(progress, "Filling the database with the demo's records.")
			return demo.Fill(ctx, db)
		})
	}

	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// demoListeners listen on this machine only: the demo's passwords are public.
func demoListeners(ctx context.Context, port uint) (listeners []net.Listener, err error) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		listener, failed := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.FormatUint(uint64(port), 10)))
		if failed == nil {
			listeners = append(listeners, listener)
			continue
		}

		if host == "127.0.0.1" { // a machine without IPv6 is no reason to stop
			err = fmt.Errorf("%w; choose another one with --port", failed)
		}
	}

	if err != nil {
		return nil, errors.Join(err, closeAll(listeners))
	}
	return listeners, nil
}

func closeAll(listeners []net.Listener) (err error) {
	for _, listener := range listeners {
		err = errors.Join(err, listener.Close())
	}
	return err
}
