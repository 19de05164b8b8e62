// SPDX-License-Identifier: GPL-3.0-or-later

package listen

import (
	"crypto/tls"
	"net"
	"slices"
	"sync/atomic"
	"time"
)

// helloTime is how long a TLS hello may take. Fifty clients that come at once to a busy
// machine need more than a header does.
const helloTime = 15 * time.Second

// TLS gives a listener of connections under TLS.
func TLS(listener net.Listener, config *tls.Config) net.Listener {
	return tls.NewListener(helloListener{listener}, config)
}

// helloListener accepts connections that leave time for a hello.
type helloListener struct{ net.Listener }

// Accept is net.Listener's.
func (l helloListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &helloConn{Conn: conn}, nil
}

// helloConn is a connection under TLS. net/http bounds the hello by the time for a header,
// and takes that deadline away as soon as the hello is over: until then it is moved.
type helloConn struct {
	net.Conn
	greeted atomic.Bool // net/http reads ahead while it sets deadlines
	end     []byte      // of what the client has sent, as long as an alert, until the hello is over
}

// Read is net.Conn's. It gives the alert of a client that breaks off its hello as an error.
func (c *helloConn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	if c.greeted.Load() {
		return n, err
	}

	c.end = append(c.end, into[max(0, n-alertSize):n]...)
	c.end = slices.Delete(c.end, 0, max(0, len(c.end)-alertSize))
	if alert := alertAt(c.end); alert != nil {
		return 0, alert
	}
	return n, err
}

// SetReadDeadline is net.Conn's.
func (c *helloConn) SetReadDeadline(t time.Time) error {
	if t.IsZero() {
		c.greeted.Store(true)
	}
	return c.Conn.SetReadDeadline(c.moved(t))
}

// SetWriteDeadline is net.Conn's.
func (c *helloConn) SetWriteDeadline(t time.Time) error { return c.Conn.SetWriteDeadline(c.moved(t)) }

func (c *helloConn) moved(t time.Time) time.Time {
	if c.greeted.Load() {
		return t
	}
	return time.Now().Add(helloTime)
}
