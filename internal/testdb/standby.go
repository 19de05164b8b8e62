// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"thalamus/internal/testdir"
)

// Standby starts a standby of the cluster, which ends with the test.
func (c *Cluster) Standby() *Cluster {
	c.t.Helper()
	s := &Cluster{t: c.t, dir: Copy(c.t, c.Location(), c.dir, "--write-recovery-conf")}
	s.Start()
	c.t.Cleanup(func() { _ = s.server.Stop() })
	return s
}

// Promote makes a standby a primary.
func (c *Cluster) Promote() {
	c.t.Helper()
	Text(c.t, c.Location(), `SELECT pg_promote()::text`)
}

// AwaitReplay returns when a standby has replayed what the primary has written until now.
func (c *Cluster) AwaitReplay(primary *Cluster) {
	c.t.Helper()
	written := Text(c.t, primary.Location(), `SELECT pg_current_wal_insert_lsn()::text`)
	conn := Connect(c.t, c.Location())
	Await(c.t, "the standby has replayed all", func() (replayed bool) {
		err := conn.QueryRow(c.t.Context(), `SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn`, written).Scan(&replayed)
		if err != nil {
			c.t.Fatal(err)
		}
		return replayed
	})
}

// Copy makes a physical copy of a running cluster, the one at url in dir, in a directory of its own.
func Copy(t testing.TB, url, dir string, args ...string) (copied string) {
	t.Helper()
	copied = testdir.New(t)
	to := filepath.Join(copied, "cluster")
	args = append(args, "--pgdata="+to, "--dbname="+url, "--checkpoint=fast", "--no-sync")
	out, err := exec.CommandContext(t.Context(), Program(t, url, "pg_basebackup"), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("pg_basebackup: %v: %s", err, out)
	}

	info, err := os.Stat(filepath.Join(dir, "cluster"))
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	err = filepath.WalkDir(to, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(owner.Uid), int(owner.Gid)) //nolint:gosec // a directory of the test's own
	})
	if err != nil {
		t.Fatal(err)
	}
	return copied
}
