// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"thalamus/internal/localpg"
	"thalamus/internal/program"
)

// measureReplica compares a hub whose readers read a standby with one whose readers read the primary. Both
// are on this machine, so that only what the way over the standby costs is told, not what it saves.
func measureReplica(ctx context.Context, b *bench) (err error) {
	db, err := b.filled(ctx, "replica")
	if err != nil {
		return err
	}
	standby, err := b.startStandby(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.stopServers(), standby.Stop()) }()

	replica := side{"replica", func() (*server, error) { return b.serveReplica(ctx, db.url, standby.URL("replica")) }}
	primary := side{"primary", func() (*server, error) { return b.serve(ctx, b.thalamus, db.url) }}
	err = b.inTurns(ctx, "Replica/Book", readBook, replica, primary)
	if err != nil {
		return err
	}
	return b.inTurns(ctx, "Replica/List", listPersons, replica, primary)
}

// startStandby makes a standby of the private PostgreSQL, which the caller stops.
func (b *bench) startStandby(ctx context.Context) (*localpg.Server, error) {
	bin, user, err := localpg.Installed(ctx)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(b.temp, "standby")
	cluster := filepath.Join(dir, "cluster")
	err = errors.Join(os.Mkdir(dir, 0o711), os.Mkdir(cluster, 0o700)) //nolint:gosec // PostgreSQL's user passes through
	if err != nil {
		return nil, fmt.Errorf("make a directory for the standby: %w", err)
	}

	args := []string{"--pgdata=" + cluster, "--dbname=" + b.postgres.URL("postgres"), "--checkpoint=fast", "--write-recovery-conf"}
	copying := exec.CommandContext(ctx, filepath.Join(bin, "pg_basebackup"), args...) //nolint:gosec // PostgreSQL's own
	if user != nil {
		copying.SysProcAttr = &syscall.SysProcAttr{Credential: user}
		err = os.Chown(cluster, int(user.Uid), int(user.Gid))
	}
	if err != nil {
		return nil, fmt.Errorf("give PostgreSQL the directory of the standby: %w", err)
	}

	text, err := copying.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("pg_basebackup: %w: %s", err, text)
	}
	return localpg.Start(ctx, localpg.Options{Dir: dir, Memory: sharedBuffers})
}

// serveReplica starts a hub, and waits until it reads the standby.
func (b *bench) serveReplica(ctx context.Context, url, standby string) (*server, error) {
	cmd := program.Command(ctx, b.thalamus, url, "serve")
	cmd.Env = append(cmd.Env, "THALAMUS_DATABASE_READ_URL="+standby)
	s, err := b.start(ctx, cmd)
	if err != nil {
		return s, err
	}

	for ; ; time.Sleep(50 * time.Millisecond) {
		var told bytes.Buffer
		_, err := s.read(ctx, get("/health/ready"), &told)
		if err != nil || !bytes.Contains(told.Bytes(), []byte(`"replicas":false`)) {
			return s, err
		}
	}
}
