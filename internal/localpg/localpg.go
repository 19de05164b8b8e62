// SPDX-License-Identifier: GPL-3.0-or-later

// Package localpg runs a private PostgreSQL from the binaries that the system
// has installed, for the demonstration and for tests. It is reachable through
// a Unix socket only, by the user who started it, and ends when its starter
// does.
//
// A directory holds, once used:
//
//	cluster/      PostgreSQL's data; there only when complete
//	initdb-*/     a cluster in the making
//	lock          held (flock) while a server runs
//	postgres.log  the log since the last start; postgres.log.old the one before
//	socket        the socket's directory, or a link to a shorter path
package localpg

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	superuser  = "postgres"
	startLimit = 2 * time.Minute       // for everything: initdb, an orphan's end, crash recovery
	heldLimit  = 20 * time.Second      // for backends whose postmaster was killed
	stopLimit  = 30 * time.Second      // for a fast shutdown, before force is used
	pollEvery  = 20 * time.Millisecond // between two attempts to connect while starting
)

// Options says where the server lives and how careful it is.
type Options struct {
	// Dir is a directory for this package alone, made when absent. When root
	// starts the server, the postgres user must be able to enter it.
	Dir string
	// Unsafe turns durability off: a crash of the machine may lose the data.
	// For tests only; it also allows more connections.
	Unsafe bool
	// Memory is PostgreSQL's shared_buffers; "" is enough for a small database.
	Memory string
	// Keep is a directory in which a new cluster is kept, made when absent. Start copies it
	// instead of making another, some 40 MB, so that all have
	// the same system identifier. "" makes each anew. For tests only.
	Keep string
}

// Server is a running PostgreSQL.
type Server struct {
	home   *home
	proc   *process
	socket string       // directory of the socket
	stop   func() error // halt, at most once
}

// Start makes the cluster if there is none, starts PostgreSQL on it and
// returns when it answers. The context bounds the start only; the server runs
// until Stop, or until this process ends.
func Start(ctx context.Context, o Options) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()

	h, err := openHome(o.Dir)
	if err != nil {
		return nil, err
	}

	s, err := launch(ctx, h, o)
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	return s, nil
}

// URL is a connection string for the database, as its superuser, for pgx and
// for psql alike. It leaves nothing to environment variables.
func (s *Server) URL(database string) string {
	q := url.Values{"host": {s.socket}, "port": {port}, "user": {superuser}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", Path: "/" + database}
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // libpq takes + literally
	return u.String()
}

// Done is closed when PostgreSQL has ended, by Stop or otherwise. Stop is
// still to be called then: it tidies up and gives the reason.
func (s *Server) Done() <-chan struct{} { return s.proc.work.Done() }

// Stop shuts PostgreSQL down, open connections or not, and returns when it has
// ended, by force if need be. Its error tells of an end that was not clean,
// every time it is called.
func (s *Server) Stop() error { return s.stop() }

// Signal sends a signal to PostgreSQL, for trials of an outage: SIGQUIT and SIGKILL end it
// as a crash does. Stop is still to be called.
func (s *Server) Signal(sig os.Signal) error { return s.proc.child.Signal(sig) }

func newServer(h *home, p *process, socket string) *Server {
	s := &Server{home: h, proc: p, socket: socket}
	s.stop = sync.OnceValue(s.halt)
	return s
}

func (s *Server) halt() error {
	err := s.proc.stop(stopLimit)
	if err != nil {
		err = s.home.withLog(err)
	}

	return errors.Join(err, s.home.close())
}

// awaitReady returns when a connection succeeds or cannot succeed any more.
func (s *Server) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()

	for {
		err := s.ping(ctx)
		if err == nil {
			return nil
		}

		select {
		case <-s.Done():
			return s.home.withLog(errors.New("postgres ended while starting"))
		case <-ctx.Done():
			return fmt.Errorf("wait for postgres: %w (%w)", ctx.Err(), err)
		case <-tick.C:
		}
	}
}

func (s *Server) ping(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}
