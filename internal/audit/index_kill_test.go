// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"sync"
	"testing"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// breaker is a way to the database that breaks once: it does not pass on one of the messages,
// of either side, and closes the connection.
type breaker struct {
	listener net.Listener
	socket   string
	passed   int // messages, until it breaks
	broken   func()

	mu sync.Mutex
	n  int
}

// breakAt makes one, and gives the address of the database behind it.
func breakAt(t *testing.T, db *testdb.DB, message int, broken func()) (b *breaker, address string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })

	u, err := url.Parse(db.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	b = &breaker{listener: listener, socket: q.Get("host") + "/.s.PGSQL." + q.Get("port"), passed: message, broken: broken}
	host, port, _ := net.SplitHostPort(listener.Addr().String())
	q.Set("host", host)
	q.Set("port", port)
	u.RawQuery = q.Encode()

	go b.serve(t.Context())
	return b, u.String()
}

func (b *breaker) serve(ctx context.Context) {
	for {
		client, err := b.listener.Accept()
		if err != nil {
			return
		}
		server, err := new(net.Dialer).DialContext(ctx, "unix", b.socket)
		if err != nil {
			_ = client.Close()
			continue
		}
		go b.pass(client, server)
		go b.pass(server, client)
	}
}

// pass hands messages on until one side is closed.
func (b *breaker) pass(from, to net.Conn) {
	defer from.Close()
	defer to.Close()
	message := make([]byte, 1<<20)
	for {
		n, err := from.Read(message)
		if err != nil || b.breaks() {
			return
		}
		if _, err := to.Write(message[:n]); err != nil {
			return
		}
	}
}

func (b *breaker) breaks() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n++
	if b.n != b.passed {
		return false
	}
	b.broken()
	return true
}

// wasBroken reports whether there were so many messages.
func (b *breaker) wasBroken() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.n >= b.passed
}

// A server that is killed between any two messages leaves the rest to the next one. One whose connection
// breaks there, so that it does not know what was done, goes on by itself.
func TestLinesAreInTheIndexOnceWhereverTheServerOrItsConnectionIsCut(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, killed := range []bool{true, false} {
		t.Run(fmt.Sprintf("killed=%v", killed), func(t *testing.T) {
			t.Parallel()
			for message := 1; cutAt(t, db, message, killed); message++ {
				if message == 100 {
					t.Fatal("there is no end of messages")
				}
			}
		})
	}
}

// cutAt copies some lines, is cut at a message, and copies some more. It reports whether there were so
// many messages.
func cutAt(t *testing.T, db *testdb.DB, message int, killed bool) bool {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	broken := func() {}
	if killed {
		broken = kill
	}

	way, address := breakAt(t, db, message, broken)
	breaking, err := store.New(store.Options{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	defer breaking.Close()

	x := newIndexed(t, db)
	x.restart(breaking)
	for range 2 {
		x.write(3)
		err := x.recent.look(ctx)
		if err != nil && ctx.Err() == nil {
			t.Errorf("message %d: %v", message, err)
		}
	}

	x.restart(db.DB)
	x.write(1)
	x.look()
	x.wantAll()
	return way.wasBroken()
}
