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

// halfMade begins the name of a cluster that is being made. The rest is
// random: an initdb that lost its parent may go on writing to its own for a
// moment.
const halfMade = "initdb-"

// clusterMajor is the major version of the PostgreSQL that made the cluster;
// 0 when there is no cluster.
func (h *home) clusterMajor() (int, error) {
	b, err := h.root.ReadFile("cluster/PG_VERSION")
	if err == nil {
		major, _, _ := strings.Cut(strings.TrimSpace(string(b)), ".")
		n, err := strconv.Atoi(major)
		if err != nil {
			return 0, fmt.Errorf("version of %s: %w", h.cluster(), err)
		}
		return n, nil
	}
	if _, statErr := os.Lstat(h.cluster()); errors.Is(statErr, fs.ErrNotExist) {
		return 0, nil
	}
	return 0, fmt.Errorf("%s is damaged: %w", h.cluster(), err)
}

// removeHalfMade removes what interrupted starts have left.
func (l *launcher) removeHalfMade() error {
	entries, err := os.ReadDir(l.home.dir)
	if err != nil {
		return fmt.Errorf("read the data directory: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), halfMade) {
			// One that is still being written to is left for the next time.
			_ = os.RemoveAll(filepath.Join(l.home.dir, e.Name()))
		}
	}
	return nil
}

// makeCluster makes a cluster aside and renames it when complete, so that a
// half-made one is never taken for finished.
func (l *launcher) makeCluster(ctx context.Context) error {
	dir, err := os.MkdirTemp(l.home.dir, halfMade)
	if err != nil {
		return fmt.Errorf("make the cluster: %w", err)
	}
	err = l.pg.own(dir)
	if err == nil {
		err = l.initdb(ctx, dir)
	}
	if err == nil {
		err = os.Rename(dir, l.home.cluster())
	}
	if err != nil {
		return errors.Join(fmt.Errorf("make the cluster: %w", err), os.RemoveAll(dir))
	}
	return l.home.sync()
}

// initdb makes a cluster in which text sorts by its bytes, on every machine
// alike, and case conversion knows Unicode. Everybody who reaches the socket
// is trusted; its directory is closed to others.
func (l *launcher) initdb(ctx context.Context, dir string) error {
	args := []string{
		"-D", dir, "-U", superuser, "--auth=trust", "--no-instructions",
		"--encoding=UTF8", "--locale=C", "--lc-ctype=" + ctype,
	}
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
	<-proc.done
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
