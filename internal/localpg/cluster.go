// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// unfinished begins the name of a cluster that is being made. The rest is
// random: an initdb that lost its parent may go on writing to its own for a
// moment.
const unfinished = "initdb-"

// clusterMajor is the major version of the PostgreSQL that made the cluster;
// 0 when there is no cluster.
func (h *home) clusterMajor() (int, error) {
	_, err := os.Lstat(h.cluster())
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}

	text, err := h.root.ReadFile("cluster/PG_VERSION")
	if err != nil {
		return 0, fmt.Errorf("%s is damaged: %w", h.cluster(), err)
	}
	number, _, _ := strings.Cut(strings.TrimSpace(string(text)), ".")
	major, err := strconv.Atoi(number)
	if err != nil {
		return 0, fmt.Errorf("version of %s: %w", h.cluster(), err)
	}
	return major, nil
}

// removeUnfinished removes the clusters of interrupted starts. One that is still being
// written to is left for the next time.
func (l *launcher) removeUnfinished() error {
	entries, err := os.ReadDir(l.home.dir)
	if err != nil {
		return fmt.Errorf("read the data directory: %w", err)
	}

	for _, e := range entries {
		if strings.HasPrefix(e.Name(), unfinished) {
			_ = os.RemoveAll(filepath.Join(l.home.dir, e.Name()))
		}
	}
	return nil
}

// makeCluster makes a cluster aside and renames it when complete, so that an
// unfinished one is never taken for a finished one.
func (l *launcher) makeCluster(ctx context.Context) error {
	dir, err := os.MkdirTemp(l.home.dir, unfinished)
	if err != nil {
		return fmt.Errorf("make the cluster: %w", err)
	}

	err = l.makeClusterIn(ctx, dir)
	if err != nil {
		return errors.Join(fmt.Errorf("make the cluster: %w", err), os.RemoveAll(dir))
	}
	return l.home.sync()
}

func (l *launcher) makeClusterIn(ctx context.Context, dir string) error {
	err := l.pg.chown(dir)
	if err != nil {
		return err
	}
	err = l.newCluster(ctx, dir)
	if err != nil {
		return err
	}
	return os.Rename(dir, l.home.cluster())
}

// initdbArgs are for a cluster in which text sorts by its bytes, on every machine
// alike, and case conversion knows Unicode. Every user who reaches the socket
// is trusted; its directory is closed to others.
var initdbArgs = []string{
	"-U", superuser, "--auth=trust", "--no-instructions",
	"--encoding=UTF8", "--locale=C", "--lc-ctype=" + ctype,
}

func (l *launcher) initdb(ctx context.Context, dir string) error {
	args := append([]string{"-D", dir}, initdbArgs...)
	if l.Unsafe {
		args = append(args, "--no-sync")
	}

	cmd := l.pg.command(ctx, l.home.dir, "initdb", args...)
	cmd.Stdout, cmd.Stderr = l.log, l.log
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) } // its children too
	proc, err := spawn(cmd)
	if err != nil {
		return fmt.Errorf("run initdb: %w", err)
	}

	proc.work.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("run initdb: %w", ctx.Err())
	}
	if proc.err != nil {
		return l.home.withLog(fmt.Errorf("run initdb: %w", proc.err))
	}
	return nil
}

// sync makes a rename in the directory last.
func (h *home) sync() error {
	f, err := h.root.Open(".")
	if err != nil {
		return fmt.Errorf("sync the data directory: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}
