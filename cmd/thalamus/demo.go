// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"

	"thalamus/etc"
	"thalamus/internal/access"
	"thalamus/internal/audit"
	"thalamus/internal/config"
	"thalamus/internal/demo"
	"thalamus/internal/localpg"
	"thalamus/internal/store"
)

// runDemo is "thalamus demo".
func runDemo(ctx context.Context, args []string, w world) (err error) {
	flags := newFlags("demo")
	data := flags.String("data", "", "")
	fresh := flags.Bool("fresh", false, "")
	port := flags.Uint("port", 8443, "")
	if _, err := parse(flags, args, 0); err != nil {
		return err
	}
	dir, err := openDemoDir(ctx, *data, *fresh)
	if err != nil {
		return err
	}
	listeners, err := demoListeners(ctx, *port)
	if err != nil {
		return err
	}
	postgres, err := localpg.Start(ctx, localpg.Options{Dir: dir.postgres()})
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	return serveDemo(ctx, dir, postgres, *port, listeners, w)
}

// serveDemo serves until ctx ends, or the database does.
func serveDemo(ctx context.Context, dir demoDir, postgres *localpg.Server, port uint, listeners []net.Listener, w world) error {
	c := config.Default()
	late := newLateLog(w.stderr)
	defer late.flush()
	log := late.logger(newLog(c.Log, late.out))
	db, err := openDemo(ctx, dir, postgres, c)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	defer db.Close()
	policy, _, err := access.Parse(etc.Roles)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	record, err := audit.Open(dir.file("access.jsonl"), nil) // the terminal has the greeting
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
	certs, err := dir.certificates()
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	for i, listener := range listeners {
		listeners[i] = certs.listen(listener, log)
	}
	ctx, release := untilDone(ctx, postgres.Done())
	defer release()
	greet(w.stdout, dir.path, port)
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
func openDemo(ctx context.Context, dir demoDir, postgres *localpg.Server, c config.Config) (*store.DB, error) {
	db, err := store.Open(ctx, store.Options{URL: postgres.URL("postgres"), MaxRecord: int64(c.Server.MaxBody), MaxElements: c.Server.MaxElements})
	if err != nil {
		return nil, err
	}
	_, err = db.Migrate(ctx)
	if err == nil {
		err = dir.once("filled", func() error { return demo.Fill(ctx, db) })
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

func greet(out io.Writer, dir string, port uint) {
	base := fmt.Sprintf("https://localhost:%d", port)
	fmt.Fprintf(out, `
A demo federation is at %[1]s. Its accounts and passwords:

    ITAPYT999HON  gnusolidario   Cameron Cordara, health professional
    ESPGNU777ORG  gnusolidario   Ana Betz, who reads and writes her own book
    ARGBUE111FAV  freedom        the administrator

Try, in another terminal:

    curl -k -u ITAPYT999HON:gnusolidario %[1]s/people/ESPGNU777ORG
    curl -k -u ESPGNU777ORG:gnusolidario %[1]s/pols/ESPGNU777ORG
    curl -k -u ARGBUE111FAV:freedom %[1]s/institutions

The data is kept in %[2]s; thalamus demo --fresh starts over. Stop with Ctrl-C.

`, base, filepath.Clean(dir))
}
