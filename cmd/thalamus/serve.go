// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"thalamus/etc"
	"thalamus/internal/access"
	"thalamus/internal/audit"
	"thalamus/internal/command"
	"thalamus/internal/config"
	"thalamus/internal/logging"
	"thalamus/internal/pg"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// lockTimeout is how long a request waits for a lock of the database. Commands wait as long as
// it takes.
const lockTimeout = 10 * time.Second

const serveAbout = `Serves the federation's database over HTTPS until it is told to stop by SIGTERM
or SIGINT; requests under way are finished first. It waits for a database that is
away, or not migrated yet. Where systemd listens for it, it takes up those sockets
in place of server.listen. SIGHUP makes it read the roles file and the certificate
again, and go on in a new file with the access record if the old one was renamed. A
certificate that is renewed in its place is taken up by itself.

Without a configuration file the environment must say enough: THALAMUS_DATABASE_URL
and THALAMUS_ACCESS_ROLES at least.`

func serveCommand(env environment) command.Command {
	var config string
	return command.Command{
		Name: "serve", Summary: "serve the federation", About: serveAbout,
		Flags: []command.Flag{configFlag(&config, env)},
		Run:   func(ctx context.Context, _ []string) error { return serve(ctx, config, env) },
	}
}

func serve(ctx context.Context, file string, env environment) error {
	defer allocateBallast()()

	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP) // one that comes during the start waits, and does not end us
	buffer := logging.NewBuffer(env.stderr)
	defer buffer.Flush()

	env.stderr = buffer.Writer()
	c, log, err := configure(file, env)
	if err != nil {
		return err
	}

	log = buffer.Logger(log)
	policy, err := loadPolicy(c, log)
	if err != nil {
		return err
	}

	record, err := audit.Open(c.Access.Record, env.stdout)
	if err != nil {
		return err
	}
	defer func() { _ = record.Close() }() // every line was written at once

	o := options(c)
	o.LockTimeout, o.Outage = lockTimeout, outages(log)
	db, err := store.New(o)
	if err != nil {
		return err
	}
	defer db.Close()

	server, release, err := newServer(ctx, c, parts{db, policy, record, log})
	if err != nil {
		return err
	}
	defer release()

	certs, err := newCertificates(c.Server.TLSCert, c.Server.TLSKey)
	if err != nil {
		return err
	}

	listeners, err := openListeners(ctx, c.Server, env.environ)
	if err != nil {
		return err
	}

	l := life{server, db, c, file, addresses(listeners), systemd(env.environ, log), log}
	public := newHTTP(server, c.Server.Patience, log)
	if certs != nil {
		certs.protect(public.Server, listeners, c.Server.HSTS, log)
	}

	defer onHangup(hangups, func() { reload(server, c, certs, record, log) })()
	return l.run(ctx, public, listeners)
}

// configure reads the configuration and makes the log that it describes.
func configure(file string, env environment) (config.Config, *slog.Logger, error) {
	c, warnings, err := config.Load(file, env.environ)
	if err != nil {
		return c, nil, err
	}

	log := logging.New(c.Log, env.stderr)
	for _, warning := range warnings {
		log.Warn("configuration", "warning", warning)
	}
	return c, log, nil
}

// openConfigured reads the configuration and opens the database that it names, with
// other connections than it says unless conns is 0.
func openConfigured(ctx context.Context, file string, env environment, conns int) (config.Config, *store.DB, error) {
	c, _, err := configure(file, env)
	if err != nil {
		return c, nil, err
	}

	if conns > 0 {
		c.Database.MaxConns = conns
	}

	db, err := openFit(ctx, c, file, env)
	return c, db, err
}

// openFit opens a database that was migrated, for a command.
func openFit(ctx context.Context, c config.Config, file string, env environment) (*store.DB, error) {
	o := options(c)
	o.Outage = (&waiting{out: env.stderr}).tell
	db, err := store.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := checkFit(ctx, db, file); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// checkFit says how a database is migrated that was not.
func checkFit(ctx context.Context, db *store.DB, file string) error {
	err := db.Check(ctx)
	if errors.Is(err, store.ErrOlder) {
		return fmt.Errorf("%w; run: %s", err, withConfig("thalamus migrate", file))
	}
	return err
}

func options(c config.Config) store.Options {
	return store.Options{
		URL: c.Database.URL.Reveal(), MaxConns: c.Database.MaxConns,
		MaxRecord: int64(c.Server.MaxBody), MaxElements: c.Server.MaxElements,
	}
}

// outages tells the log that the database is away, and that it is back: not each request does.
func outages(log *slog.Logger) func(pg.Outage) {
	return func(o pg.Outage) {
		since := time.Since(o.Since).Round(time.Millisecond)
		if o.Cause == nil {
			log.Info("the database is back", "after", since, "waiting", o.Waiting)
			return
		}
		log.Error("requests wait for the database", "for", since, "waiting", o.Waiting, "error", o.Cause)
	}
}

// withConfig is a command line that reads this configuration.
func withConfig(command, file string) string { return command + config.Flag(file) }

func passwords(c config.Config) record.PasswordRules {
	return record.PasswordRules{Cost: c.Passwords.Cost, MinLength: c.Passwords.MinLength}
}

func loadPolicy(c config.Config, log *slog.Logger) (*access.Policy, error) {
	policy, warnings, err := access.LoadBeside(c.Access.Roles, etc.Roles)
	if err != nil {
		return nil, err
	}
	for _, warning := range warnings {
		log.Warn("roles file", "file", c.Access.Roles, "warning", warning)
	}
	return policy, nil
}

// reload takes up the roles file, the certificate and the file of the access record
// again. What is wrong with one is logged and changes nothing of it.
func reload(server hub, c config.Config, certs *certificates, record *audit.File, log *slog.Logger) {
	policy, err := loadPolicy(c, log)
	if err == nil {
		server.SetPolicy(policy)
	}

	if certs != nil {
		err = errors.Join(err, certs.load())
	}

	err = errors.Join(err, record.Reopen())
	if err != nil {
		log.Error("reload", "error", err)
		return
	}

	log.Info("reloaded the roles file, the certificate and the access record")
}

// onHangup does something at each SIGHUP, until stop is called.
func onHangup(hangups chan os.Signal, do func()) (stop func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range hangups {
			do()
		}
	}()
	return func() {
		signal.Stop(hangups)
		close(hangups)
		<-done
	}
}
