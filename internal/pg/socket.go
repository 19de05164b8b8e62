// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// userTimeout is how long the other end of a connection may leave sent bytes unacknowledged.
const userTimeout = 5 * time.Second

// keepalives find within that time that the other end of a quiet connection is gone.
var keepalives = net.KeepAliveConfig{Enable: true, Idle: 2 * time.Second, Interval: time.Second, Count: 3}

// sockets are the network connections that are open.
type sockets struct {
	mu   sync.Mutex
	open map[*socket]struct{}
}

func newSockets() *sockets { return &sockets{open: map[*socket]struct{}{}} }

// socket is a network connection that is counted until it is closed.
type socket struct {
	net.Conn
	sockets *sockets
}

// dialer makes a function that opens sockets for the database's user of this name.
func (s *sockets) dialer(timeout time.Duration, user string) pgconn.DialFunc {
	dialer := &net.Dialer{Timeout: timeout, KeepAliveConfig: keepalives, Control: setUserTimeout}

	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, dialer, user, network, address)
		if err != nil {
			return nil, err
		}

		opened := &socket{Conn: conn, sockets: s}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.open[opened] = struct{}{}
		return opened, nil
	}
}

// dial opens a connection. Over a Unix socket it does so as the system user that peer
// authentication expects there.
func dial(ctx context.Context, dialer *net.Dialer, user, network, address string) (net.Conn, error) {
	if network != "unix" {
		return dialer.DialContext(ctx, network, address)
	}
	return asUser(user, func() (net.Conn, error) { return dialer.DialContext(ctx, network, address) })
}

// Close implements net.Conn.
func (s *socket) Close() error {
	s.sockets.mu.Lock()
	delete(s.sockets.open, s)
	s.sockets.mu.Unlock()

	return s.Conn.Close()
}

// closeAll closes all that are open now.
func (s *sockets) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for one := range s.open {
		_ = one.Conn.Close()
	}
}
