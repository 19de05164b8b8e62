// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can become somebody else")
	}
}

func TestClosedParent(t *testing.T) {
	needRoot(t)
	t.Parallel()
	closed := filepath.Join(newDir(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: filepath.Join(closed, "a", "b")})
	if err == nil || !strings.Contains(err.Error(), "may not enter "+closed+":") {
		t.Errorf("got %v", err)
	}
}

func TestForeignDir(t *testing.T) {
	needRoot(t)
	t.Parallel()
	dir := newDir(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "writable by everyone") {
		t.Errorf("got %v", err)
	}
	if err := os.Chown(dir, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "another user") {
		t.Errorf("got %v", err)
	}
}

// TestSocketClosedToOthers has another user knock: root may pass everywhere,
// so that a server started by root is the one to try.
func TestSocketClosedToOthers(t *testing.T) {
	needRoot(t)
	t.Parallel()
	s := start(t, filepath.Join(newDir(t), "pg"))
	bin, err := systemSearch().find(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"postgres": true, "nobody": false} {
		pg, err := programsAs(bin, lookUp(t, name))
		if err != nil {
			t.Fatal(err)
		}
		err = pg.command(t.Context(), "/", "pg_isready", "-h", s.socket, "-p", port).Run()
		if (err == nil) != want {
			t.Errorf("%s: connects is %t, want %t", name, err == nil, want)
		}
	}
}

func TestNotRoot(t *testing.T) {
	needRoot(t)
	t.Parallel()
	u := lookUp(t, "nobody")
	pg, err := programsAs("", u)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		cred *syscall.Credential
		want string
	}{
		{"known", pg.cred, "ready"},
		{"unknown", &syscall.Credential{Uid: 54321, Gid: 54321}, "run initdb: exit status 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := newDir(t)
			if err := os.Chown(dir, int(tt.cred.Uid), int(tt.cred.Gid)); err != nil {
				t.Fatal(err)
			}
			h := runHelper(t, dir, tt.cred)
			if !strings.Contains(h.said, tt.want) {
				t.Errorf("helper said %q", h.said)
			}
			if err := h.end(); (err == nil) != (tt.want == "ready") {
				t.Errorf("helper ended: %v", err)
			}
		})
	}
}

func lookUp(t *testing.T, name string) *user.User {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestOtherMajor(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	cluster := filepath.Join(dir, "cluster")
	if err := os.Mkdir(cluster, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("no PG_VERSION: %v", err)
	}
	if err := os.WriteFile(filepath.Join(cluster, "PG_VERSION"), []byte("99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "made by PostgreSQL 99") {
		t.Errorf("version 99: %v", err)
	}
}

func TestLogInError(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	stop(t, start(t, dir))
	conf := filepath.Join(dir, "cluster", "postgresql.conf")
	if err := os.WriteFile(conf, []byte("nonsense = on\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), `unrecognized configuration parameter "nonsense"`) {
		t.Errorf("got %v", err)
	}
}
