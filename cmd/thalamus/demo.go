// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"thalamus/internal/command"
	"thalamus/internal/config"
	"thalamus/internal/demo"
	"thalamus/internal/listen"
	"thalamus/internal/store"
	"thalamus/internal/task"
)

const demoAbout = `Serves a small invented federation on https://localhost:8443, with a PostgreSQL
of its own. Its passwords are public, so it listens on this machine only. Changes
are kept for the next time. While it runs, other commands work on it with --config
DIR/thalamus.toml.`

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
	dir, err := demo.OpenDir(ctx, o.data, o.fresh, env.stderr)
	if err != nil {
		return err
	}

	listeners, err := listen.Loopback(ctx, o.port)
	if err != nil {
		return fmt.Errorf("%w; choose another one with --port", err)
	}
	defer func() { _ = listen.Close(listeners) }() // most often they are closed already

	postgres, err := dir.StartPostgres(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()

	c, err := dir.Configure(postgres.URL("postgres"), o.port)
	if err != nil {
		return err
	}
	if err := fillDemo(ctx, dir, c, env); err != nil {
		return err
	}

	ctx, release := untilDone(ctx, postgres.Done())
	defer release.Stop()
	return service{
		config: c, file: dir.ConfigFile(),
		listen:  func(context.Context) ([]net.Listener, error) { return listeners, nil },
		started: func(context.Context, *store.DB, *slog.Logger) { dir.Greet(env.stdout, o.port) },
	}.run(ctx, env)
}

// fillDemo migrates the demo's database, and fills it the first time.
func fillDemo(ctx context.Context, dir demo.Dir, c config.Config, env environment) error {
	db, err := store.Open(ctx, options(c))
	if err != nil {
		return err
	}
	defer db.Close()

	if _, err := db.Migrate(ctx); err != nil {
		return err
	}
	return dir.FillOnce(ctx, db, env.stderr)
}

// untilDone gives a context that also ends with done, until its task is stopped.
func untilDone(ctx context.Context, done <-chan struct{}) (context.Context, *task.Task) {
	until, cancel := context.WithCancel(ctx)
	return until, task.Start(ctx, func(ctx context.Context) {
		defer cancel()
		select {
		case <-done:
		case <-ctx.Done():
		}
	})
}
