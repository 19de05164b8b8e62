// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/task"
	"thalamus/internal/testdir"
)

const poolerPort = "6432" // only in the name of its socket

// poolerConfig has a pool mode, the directory of the database's socket, its port, the pooler's own
// directory, and a user. It listens on a socket there and nowhere else.
const poolerConfig = `[databases]
* = host=%[2]s port=%[3]s user=%[5]s
[pgbouncer]
pool_mode = %[1]s
listen_addr =
listen_port = ` + poolerPort + `
unix_socket_dir = %[4]s
auth_type = any
`

// Pooled gives the URL of this database behind a pgbouncer of its own, which runs until the
// test ends. mode is session, transaction or statement.
func (db *DB) Pooled(mode string) string {
	db.t.Helper()
	direct, err := url.Parse(db.URL)
	if err != nil {
		db.t.Fatal(err)
	}

	query := direct.Query()
	dir := newPoolerDir(db.t, query.Get("host"))
	config := fmt.Sprintf(poolerConfig, mode, query.Get("host"), query.Get("port"), dir.path, query.Get("user"))
	file := filepath.Join(dir.path, "pgbouncer.ini")
	err = os.WriteFile(file, []byte(config), 0o644) //nolint:gosec // for the pooler's user
	if err != nil {
		db.t.Fatal(err)
	}
	startPooler(db.t, file, dir.user)

	query.Set("host", dir.path)
	query.Set("port", poolerPort)
	direct.RawQuery = query.Encode()
	return direct.String()
}

// poolerDir is a directory of the pooler's user.
type poolerDir struct {
	path string
	user *syscall.Credential // nil: ourselves
}

// newPoolerDir makes a directory for the user of the database: pgbouncer refuses root as
// PostgreSQL does.
func newPoolerDir(t testing.TB, socket string) poolerDir {
	t.Helper()
	path := testdir.New(t)
	info, err := os.Stat(socket)
	if err != nil {
		t.Fatal(err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(owner.Uid) == os.Geteuid() {
		return poolerDir{path: path}
	}

	err = os.Chown(path, int(owner.Uid), int(owner.Gid))
	if err != nil {
		t.Fatal(err)
	}
	return poolerDir{path, &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
}

// startPooler returns when it takes connections.
func startPooler(t testing.TB, file string, user *syscall.Credential) {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // where Debian has it, which is not in every path
	}

	cmd := exec.Command(program, file) //nolint:noctx // it is stopped below
	cmd.Dir = filepath.Dir(file)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: user}
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	err = cmd.Start()
	if err != nil {
		t.Fatal("tests need pgbouncer: ", err)
	}

	up := make(chan bool, 1)
	running := task.Start(context.Background(), func(context.Context) {
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "process up") {
				up <- true
			}
		}
		up <- false
		_ = cmd.Wait() // it is stopped by a signal
	})
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // fails only if it has ended
		running.Wait()
	})

	if !<-up {
		t.Fatal("pgbouncer did not start")
	}
}
