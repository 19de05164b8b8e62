// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// silence is how long the other end of a connection may leave what was sent unacknowledged.
const silence = 5 * time.Second

// keepalives find within that time that the other end of a quiet connection is gone.
var keepalives = net.KeepAliveConfig{Enable: true, Idle: 2 * time.Second, Interval: time.Second, Count: 3}

// wires are the network connections that are open.
type wires struct {
	mu   sync.Mutex
	open map[*wire]struct{}
}

func newWires() *wires { return &wires{open: map[*wire]struct{}{}} }

// wire is one of them.
type wire struct {
	net.Conn
	of *wires
}

// dialer makes them.
func (w *wires) dialer(patience time.Duration) pgconn.DialFunc {
	dialer := &net.Dialer{Timeout: patience, KeepAliveConfig: keepalives, Control: unacknowledged}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		one := &wire{Conn: conn, of: w}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.open[one] = struct{}{}
		return one, nil
	}
}

// Close is net.Conn's.
func (w *wire) Close() error {
	w.of.mu.Lock()
	delete(w.of.open, w)
	w.of.mu.Unlock()
	return w.Conn.Close()
}

// cut closes all that are open now.
func (w *wires) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.open {
		_ = one.Conn.Close()
	}
}
