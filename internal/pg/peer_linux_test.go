// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// peer is the user id that the other end of a Unix socket sees when a database's user of this
// name connects. An address that begins with @ is in no directory.
func peer(t *testing.T, name, address string) int {
	t.Helper()
	listener, err := net.Listen("unix", address) //nolint:noctx // it is closed below
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })

	conn, err := newSockets().dialer(time.Second, name)(context.Background(), "unix", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })

	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { accepted.Close() })
	return credentials(t, accepted.(*net.UnixConn))
}

func credentials(t *testing.T, conn *net.UnixConn) (uid int) {
	t.Helper()
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Control(func(fd uintptr) {
		seen, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
		if err != nil {
			t.Error(err)
			return
		}
		uid = int(seen.Uid)
	})
	if err != nil {
		t.Fatal(err)
	}
	return uid
}

func TestRootConnectsAsTheDatabaseUsersSystemUser(t *testing.T) {
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	want, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		want = os.Geteuid() // others stay what they are
	}

	if got := peer(t, "nobody", "@"+t.TempDir()); got != want {
		t.Errorf("the database sees user %d, not %d", got, want)
	}
	if got := syscall.Geteuid(); got != os.Getuid() {
		t.Errorf("afterwards we are user %d", got)
	}
}

func TestWithoutSuchASystemUserOneConnectsAsOneself(t *testing.T) {
	if got := peer(t, "nobody-of-this-name", "@"+t.TempDir()); got != os.Geteuid() {
		t.Errorf("the database sees user %d", got)
	}
}

func TestRootReachesASocketThatTheSystemUserMayNot(t *testing.T) {
	dir, err := os.MkdirTemp("", "peer") // a socket's path is short, and nobody else may enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })

	if got := peer(t, "nobody", filepath.Join(dir, "socket")); got != os.Geteuid() {
		t.Errorf("the database sees user %d", got)
	}
}
