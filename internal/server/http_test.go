// SPDX-License-Identifier: GPL-3.0-or-later

package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"thalamus/internal/listen"
)

// pipes is a listener in memory.
type pipes struct {
	accept chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.accept:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error {
	if !closed(p.closed) {
		close(p.closed)
	}
	return nil
}

func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// dial gives the client's side of a new connection.
func (p pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.accept <- server
	return client
}

// listening runs a test, with a clock of its own, on a listener of a server that answers with nothing.
func listening(t *testing.T, over func(net.Listener) net.Listener, test func(t *testing.T, p pipes)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		quiet := slog.New(slog.DiscardHandler)
		server := NewHTTP(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), NewStage(), time.Minute, quiet)
		p := pipes{make(chan net.Conn), make(chan struct{})}
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error)
		go func() { stopped <- server.listenUntil(ctx, time.Second, quiet, over(p)) }()
		defer func() { // after a failure, too: what is left in a bubble is a panic
			stop()
			if err := <-stopped; err != nil {
				t.Error(err)
			}
		}()
		test(t, p)
	})
}

func plain(l net.Listener) net.Listener { return l }

// silence tells how long the server leaves a connection open on which nothing comes.
func silence(t *testing.T, conn net.Conn) time.Duration {
	t.Helper()
	began := time.Now()
	if _, err := io.ReadAll(conn); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
	return time.Since(began)
}

const live = "GET /health/live HTTP/1.1\r\nHost: hub\r\n"

func TestAHeaderHasFiveSecondsHoweverItDrips(t *testing.T) {
	t.Parallel()
	listening(t, plain, func(t *testing.T, p pipes) {
		if open := silence(t, p.dial()); open != 5*time.Second {
			t.Errorf("a silent connection was open for %v", open)
		}
		conn, dripped := p.dial(), make(chan struct{})
		go func() {
			defer close(dripped)
			for range 100 {
				if _, err := io.WriteString(conn, "G"); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}()
		if open := silence(t, conn); open != 5*time.Second {
			t.Errorf("a header that drips was read for %v", open)
		}
		_ = conn.Close()
		<-dripped // nothing may be left in a bubble
	})
}

func TestAnIdleConnectionHasTwoMinutes(t *testing.T) {
	t.Parallel()
	listening(t, plain, func(t *testing.T, p pipes) {
		conn := p.dial()
		if status := roundTrip(t, conn, live+"\r\n"); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
		if open := silence(t, conn); open != 2*time.Minute {
			t.Errorf("it was open for %v", open)
		}
	})
}

func TestAHeaderHasSixteenKiB(t *testing.T) {
	t.Parallel()
	listening(t, plain, func(t *testing.T, p pipes) {
		for size, want := range map[int]int{16 << 10: http.StatusOK, 21 << 10: http.StatusRequestHeaderFieldsTooLarge} { // net/http adds 4 KiB
			conn := p.dial()
			if status := roundTrip(t, conn, live+"X: "+strings.Repeat("x", size)+"\r\n\r\n"); status != want {
				t.Errorf("%d bytes: status %d, want %d", size, status, want)
			}
			_ = conn.Close()
		}
	})
}

func TestAHelloHasFifteenSecondsAndTheHeaderAfterItFive(t *testing.T) {
	t.Parallel()
	other := httptest.NewTLSServer(nil) // it has a certificate
	certificates := other.TLS.Certificates
	other.Close()
	secure := func(l net.Listener) net.Listener { return listen.TLS(l, &tls.Config{Certificates: certificates}) }
	listening(t, secure, func(t *testing.T, p pipes) {
		if open := silence(t, p.dial()); open != 15*time.Second {
			t.Errorf("a silent connection was open for %v", open)
		}
		raw := p.dial()
		conn := tls.Client(raw, &tls.Config{InsecureSkipVerify: true})
		time.Sleep(14 * time.Second)
		if err := conn.HandshakeContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		if open := silence(t, conn); open != 5*time.Second {
			t.Errorf("after its hello a silent connection was open for %v", open)
		}
		_ = raw.Close()
	})
}

// roundTrip sends a request and reads the reply whole.
func roundTrip(t *testing.T, conn net.Conn, request string) (status int) {
	t.Helper()
	go func() { _, _ = io.WriteString(conn, request) }()
	reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	_, _ = io.Copy(io.Discard, reply.Body)
	return reply.StatusCode
}
