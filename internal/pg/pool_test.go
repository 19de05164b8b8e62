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

// deaf is a server that takes connections and closes them at once.
type deaf struct {
	net.Listener
	most atomic.Int32 // connections that were open at a time
	came atomic.Int32
}

func newDeaf(t *testing.T) *deaf {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &deaf{Listener: listener}
	t.Cleanup(func() { _ = listener.Close() })
	go d.serve()
	return d
}

// serve keeps each connection until its client has said something, as long as others may come.
func (d *deaf) serve() {
	var open atomic.Int32
	for {
		conn, err := d.Accept()
		if err != nil {
			return
		}
		d.came.Add(1)
		if now := open.Add(1); now > d.most.Load() {
			d.most.Store(now)
		}
		go func() {
			defer open.Add(-1)
			_, _ = conn.Read(make([]byte, 1))
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

func (d *deaf) url() string {
	return "postgres://a@" + d.Addr().String() + "/b?sslmode=disable&pool_max_conns=4"
}

// waitFor lets so many wait for a connection, until the context ends.
func waitFor(ctx context.Context, p *Pool, many int) (ended chan error) {
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

func TestSoManyWaitAndTheNextIsToldAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p := poolOf(t, newDeaf(t).url())
	ended := waitFor(ctx, p, mostWaiting)

	for name, ask := range map[string]func(context.Context) error{
		"Acquire": func(ctx context.Context) error { _, err := p.Acquire(ctx); return err },
		"Ready":   p.Ready,
	} {
		if err := ask(ctx); !errors.Is(err, errCrowded) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	cancel()
	for range mostWaiting {
		if err := <-ended; err == nil {
			t.Error("connected to nobody")
		}
	}
	if left := p.Waiting(); left != 0 {
		t.Errorf("%d still wait", left)
	}
}

// The others wait for the one that dials.
func TestOneConnectionIsTriedForAllWhoWait(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	d := newDeaf(t)
	p := poolOf(t, d.url())
	_ = p.lose(errAway)
	ended := waitFor(ctx, p, 100)

	for begun := d.came.Load(); d.came.Load() < begun+4; {
		Pause(ctx, time.Millisecond)
	}
	cancel()
	for range 100 {
		if err := <-ended; err == nil {
			t.Error("connected to nobody")
		}
	}
	if most := d.most.Load(); most != 1 {
		t.Errorf("%d connections at a time", most)
	}
}

func TestAClosedConnectionLeavesNoWire(t *testing.T) {
	t.Parallel()
	d := newDeaf(t)
	p := poolOf(t, d.url())
	for range 10 {
		_, err := pgconn.ConnectConfig(t.Context(), &p.connecting.Config)
		if err == nil {
			t.Fatal("nobody answers there")
		}
	}
	for p.wires.count() > 0 { // pgx closes some of them beside its answer
		Pause(t.Context(), time.Millisecond)
	}
}

func (w *wires) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.open)
}

// A wrong password does not pass, nor does a database that is not there.
func TestAFaultThatDoesNotPassIsToldAtOnce(t *testing.T) {
	t.Parallel()
	for sqlstate, passes := range map[string]bool{"28P01": false, "28000": false, "3D000": false, "53300": true, "57P03": true, "57P01": true, "08006": true} {
		if got := Away(&pgconn.PgError{Code: sqlstate}); got != passes {
			t.Errorf("%s passes: %t", sqlstate, got)
		}
	}
}
