// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// closingServer is a server that accepts connections and closes them at once.
type closingServer struct {
	net.Listener
	mostOpen atomic.Int32 // connections that were open at a time
	accepted atomic.Int32
}

func newClosingServer(t *testing.T) *closingServer {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	s := &closingServer{Listener: listener}
	t.Cleanup(func() { _ = listener.Close() })
	go s.serve()
	return s
}

// serve keeps each connection until its client has sent a byte; others may come meanwhile.
func (s *closingServer) serve() {
	var open atomic.Int32
	for {
		conn, err := s.Accept()
		if err != nil {
			return
		}

		s.accepted.Add(1)
		now := open.Add(1)
		if now > s.mostOpen.Load() {
			s.mostOpen.Store(now)
		}

		go func() {
			_, _ = conn.Read(make([]byte, 1))
			open.Add(-1) // before its client sees that, and dials anew
			_ = conn.Close()
		}()
	}
}

// poolOf makes a pool of connections to an address, which ends with the test.
func poolOf(t *testing.T, url string) *Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}

	p, err := New(config, nil)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(p.Close)
	return p
}

func (s *closingServer) url() string {
	return "postgres://a@" + s.Addr().String() + "/b?sslmode=disable&pool_max_conns=4"
}

// acquireMany lets so many requests wait for a connection, until the context ends.
func acquireMany(ctx context.Context, p *Pool, many int) (ended chan error) {
	ended = make(chan error, many)
	for range many {
		go func() {
			_, err := p.Acquire(ctx)
			ended <- err
		}()
	}

	for p.Waiting() < many && ctx.Err() == nil {
		Pause(ctx, time.Millisecond)
	}

	return ended
}

func TestARequestBeyondMaxWaitingFailsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	p := poolOf(t, newClosingServer(t).url())
	ended := acquireMany(ctx, p, maxWaiting)

	for name, ask := range map[string]func(context.Context) error{
		"Acquire": func(ctx context.Context) error { _, err := p.Acquire(ctx); return err },
		"Ready":   p.Ready,
	} {
		t.Run(name, func(t *testing.T) {
			if err := ask(ctx); !errors.Is(err, errCrowded) {
				t.Errorf("%s: got %v", name, err)
			}
		})
	}

	cancel()
	for range maxWaiting {
		if err := <-ended; err == nil {
			t.Error("connected to nobody")
		}
	}

	if left := p.Waiting(); left != 0 {
		t.Errorf("%d still wait", left)
	}
}

// The others wait for the one that dials.
func TestOneConnectionIsTriedForAllThatWait(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()

	s := newClosingServer(t)
	p := poolOf(t, s.url())
	_ = p.beginOutage(errOutage)
	ended := acquireMany(ctx, p, 100)

	for begun := s.accepted.Load(); s.accepted.Load() < begun+4; {
		Pause(ctx, time.Millisecond)
	}

	cancel()
	for range 100 {
		if err := <-ended; err == nil {
			t.Error("connected to nobody")
		}
	}

	if most := s.mostOpen.Load(); most != 1 {
		t.Errorf("%d connections at a time", most)
	}
}

func TestAClosedConnectionLeavesNoSocket(t *testing.T) {
	t.Parallel()
	s := newClosingServer(t)
	p := poolOf(t, s.url())

	for range 10 {
		_, err := pgconn.ConnectConfig(t.Context(), &p.connecting.Config)
		if err == nil {
			t.Fatal("nobody answers there")
		}
	}

	for p.sockets.count() > 0 { // pgx closes some of them beside its answer
		Pause(t.Context(), time.Millisecond)
	}
}

func (s *sockets) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// A wrong password or a missing database is a fault that stays.
func TestAFaultThatDoesNotPassIsNotUnreachable(t *testing.T) {
	t.Parallel()
	for sqlstate, passes := range map[string]bool{"28P01": false, "28000": false, "3D000": false, "53300": true, "57P03": true, "57P01": true, "08006": true} {
		t.Run(sqlstate, func(t *testing.T) {
			if got := Unreachable(&pgconn.PgError{Code: sqlstate}); got != passes {
				t.Errorf("%s passes: %t", sqlstate, got)
			}
		})
	}
}
