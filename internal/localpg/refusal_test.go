// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/testdir"
)

// root reports whether these tests may become somebody else, as a server does
// that root starts.
func root() bool { return os.Geteuid() == 0 }

// Only root may enter the parent directory.
func TestADirectoryThatCannotBeEnteredIsNamed(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(testdir.New(t), "closed")
	if err := os.Mkdir(closed, 0); err != nil {
		t.Fatal(err)
	}
	want := closed + "/a: permission denied"
	if root() { // root can make the data directory there; the server cannot reach it
		want = "may not enter " + closed + ":"
	}
	_, err := Start(t.Context(), Options{Dir: filepath.Join(closed, "a", "b")})
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

func TestADirectoryThatEveryUserCanWriteIsRefused(t *testing.T) {
	t.Parallel()
	dir := testdir.New(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "writable by everyone") {
		t.Errorf("got %v", err)
	}
}

func TestADirectoryOfAnotherUserIsRefused(t *testing.T) {
	t.Parallel()
	dir := "/" // is root's
	if root() {
		dir = testdir.New(t)
		if err := os.Chown(dir, 12345, 12345); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Start(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "another user") {
		t.Errorf("got %v", err)
	}
}

// Where root runs the test, another user knocks, too: root may pass everywhere.
func TestTheSocketIsClosedToOtherUsers(t *testing.T) {
	t.Parallel()
	s := start(t, filepath.Join(testdir.New(t), "pg"))
	fi, err := os.Stat(s.socket)
	if err != nil {
		t.Fatal(err)
	}
	if fi.Mode().Perm() != 0o700 {
		t.Errorf("the socket's directory: %v", fi.Mode())
	}
	knocks := map[string]bool{}
	if root() {
		knocks = map[string]bool{"postgres": true, "nobody": false}
	}
	bin, err := systemSearch().find(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range knocks {
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

// Root becomes other users for that.
func TestAnOrdinaryUserStartsAServer(t *testing.T) {
	t.Parallel()
	type starter struct {
		name string
		cred *syscall.Credential // nil: as ourselves
		want string
	}
	starters := []starter{{"ourselves", nil, "ready"}}
	if root() {
		pg, err := programsAs("", lookUp(t, "nobody"))
		if err != nil {
			t.Fatal(err)
		}
		starters = []starter{
			{"known", pg.cred, "ready"},
			{"unknown", &syscall.Credential{Uid: 54321, Gid: 54321}, "run initdb: exit status 1"},
		}
	}
	for _, tt := range starters {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := testdir.New(t)
			if err := (programs{cred: tt.cred}).chown(dir); err != nil {
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

func TestAClusterOfAnotherMajorVersionIsRefused(t *testing.T) {
	t.Parallel()
	dir := testdir.New(t)
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

func TestAFailedStartShowsTheLog(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
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
