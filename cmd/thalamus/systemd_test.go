// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"thalamus/internal/testdb"
)

func TestSystemdIsToldHowFarTheServerHasCome(t *testing.T) {
	t.Parallel()
	s, come := later(t)
	socket := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	told := func() string {
		buffer := make([]byte, 4<<10)
		_ = manager.SetReadDeadline(time.Now().Add(patience))
		n, err := manager.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		return string(buffer[:n])
	}
	p := start(t, append(s.environ, "NOTIFY_SOCKET="+socket), "serve")
	if state := told(); !strings.HasPrefix(state, "STATUS=waiting for the database: ") {
		t.Errorf("before its database came: %q", state)
	}
	come()
	if state := told(); state != "READY=1\nSTATUS=serving "+p.address {
		t.Errorf("once it serves: %q", state)
	}
	p.signal(syscall.SIGTERM)
	if state := told(); !strings.HasPrefix(state, "STOPPING=1\nSTATUS=") {
		t.Errorf("at its end: %q", state)
	}
}

// socket is one that outlives the programs that it is given to, as systemd keeps them.
func socket(t *testing.T, address string) *os.File {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	file, err := listener.(*net.TCPListener).File() //nolint:forcetypeassert // of tcp
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// activate starts a server with sockets, as systemd does. LISTEN_PID is the program's own number.
func activate(t *testing.T, environ []string, sockets ...*os.File) *program {
	t.Helper()
	environ = append(environ, fmt.Sprintf("LISTEN_FDS=%d", len(sockets)))
	return startWith(t, environ, func(cmd *exec.Cmd) {
		cmd.ExtraFiles = sockets
		cmd.Args = append([]string{"sh", "-c", `LISTEN_PID=$$ exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...)
		cmd.Path = "/bin/sh"
	}, "serve")
}

func TestEverySocketOfSystemdIsServed(t *testing.T) {
	t.Parallel()
	p := activate(t, migratedSite(t).environ, socket(t, "127.0.0.1:0"), socket(t, "[::1]:0"))
	addresses := strings.Split(p.address, ",")
	if len(addresses) != 2 {
		t.Errorf("it listens on %s", p.address)
	}
	for _, address := range addresses {
		if code, body := ask(t, "GET", "http://"+address+"/login", other, otherPwd, ""); code != http.StatusOK {
			t.Errorf("%s: %d %s", address, code, body)
		}
	}
}

func TestASocketOfSystemdIsNotServedInTheClear(t *testing.T) {
	t.Parallel()
	p := activate(t, migratedSite(t).environ, socket(t, "0.0.0.0:0"))
	if status := p.wait(); status != 1 || !strings.Contains(p.logged(), "in the clear") {
		t.Errorf("status %d: %s", status, p.logged())
	}
}

// writer sends pages one after another, until it is told to stop. It never tries again.
type writer struct {
	name   string
	client *http.Client
	count  int // of pages that the server has
}

func (w *writer) write(t *testing.T, base string, stop *atomic.Bool) {
	for !stop.Load() {
		id := fmt.Sprintf("%s-%d", w.name, w.count)
		r, err := http.NewRequestWithContext(t.Context(), "POST", base+"/pols/"+other+"/"+id, strings.NewReader(`{"id": "`+id+`"}`))
		if err != nil {
			t.Error(err)
			return
		}
		r.SetBasicAuth(other, otherPwd)
		reply, err := w.client.Do(r)
		if err != nil {
			t.Errorf("after %d pages: %v", w.count, err)
			return
		}
		if _ = reply.Body.Close(); reply.StatusCode != http.StatusCreated {
			t.Errorf("after %d pages: status %d", w.count, reply.StatusCode)
			return
		}
		w.count++
	}
}

func TestARestartWithASocketOfSystemdIsAPause(t *testing.T) {
	t.Parallel()
	s := migratedSite(t)
	cert, key := pair(t)
	environ := append(s.environ, "THALAMUS_SERVER_TLS_CERT="+cert, "THALAMUS_SERVER_TLS_KEY="+key, "THALAMUS_SERVER_DRAIN_DELAY=1s")
	kept := socket(t, "127.0.0.1:0")
	p := activate(t, environ, kept)
	base := "https://" + p.address
	trusting := func() *tls.Config { return &tls.Config{InsecureSkipVerify: true} } // each to itself: HTTP/2 is noted there
	writers := []*writer{
		{name: "phone", client: &http.Client{Transport: &http.Transport{TLSClientConfig: trusting(), DisableKeepAlives: true}}},
		{name: "node", client: &http.Client{Transport: &http.Transport{TLSClientConfig: trusting()}}},
		{name: "http2", client: &http.Client{Transport: &http.Transport{TLSClientConfig: trusting(), ForceAttemptHTTP2: true}}},
	}
	var stop atomic.Bool
	var writing sync.WaitGroup
	for _, w := range writers {
		writing.Go(func() { w.write(t, base, &stop) })
	}
	stored := func(least string) string {
		return `SELECT count(*) > ` + least + ` FROM pols WHERE book = '` + other + `'`
	}
	for range 2 {
		waitFor(t, s.url, stored(testdb.Text(t, s.url, `SELECT (count(*) + 20)::text FROM pols WHERE book = $1`, other)))
		p.signal(syscall.SIGTERM)
		if status := p.wait(); status != 0 || strings.Contains(p.logged(), "cut off") {
			t.Errorf("exit status %d: %s", status, p.logged())
		}
		p = activate(t, environ, kept)
	}
	waitFor(t, s.url, stored(testdb.Text(t, s.url, `SELECT (count(*) + 20)::text FROM pols WHERE book = $1`, other)))
	stop.Store(true)
	writing.Wait()
	for _, w := range writers {
		if got := testdb.Text(t, s.url, `SELECT count(*)::text FROM pols WHERE id LIKE $1`, w.name+"-%"); got != fmt.Sprint(w.count) {
			t.Errorf("of %d pages of %s %s are there", w.count, w.name, got)
		}
	}
}
