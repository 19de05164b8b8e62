// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
)

// stopOrphan stops a postmaster of this cluster whose starter was killed: it
// may be on its way down still. The holder of the home's lock owns it. When
// postmaster.pid names another process instead, or one that has ended, that number
// is returned.
func (l *launcher) stopOrphan(ctx context.Context) (stale int, err error) {
	dir := l.home.cluster()
	pid, err := l.home.postmasterPid()
	if err != nil || pid == 0 {
		return 0, err
	}
	if !isPostmaster(ctx, pid, dir) {
		return pid, nil
	}

	out, err := l.pg.command(ctx, l.home.dir, "pg_ctl", "stop", "-D", dir,
		"-m", "fast", "-w", "-t", "60", "-s").CombinedOutput()
	// pg_ctl also fails when the postmaster ends before it is asked to.
	if err != nil && isPostmaster(ctx, pid, dir) {
		return 0, fmt.Errorf("stop the PostgreSQL that an earlier start left behind (process %d): %w: %s",
			pid, err, bytes.TrimSpace(out))
	}
	return 0, nil
}

// postmasterPid is the process number in postmaster.pid; 0 when there is no
// such file or the number is not a postmaster's.
func (h *home) postmasterPid() (int, error) {
	b, err := h.root.ReadFile("cluster/postmaster.pid")
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for a postmaster in %s: %w", h.dir, err)
	}

	line, _, _ := bytes.Cut(b, []byte("\n"))
	pid, err := strconv.Atoi(string(bytes.TrimSpace(line)))
	if err != nil || pid < 0 {
		return 0, nil // empty after a crash, or of a single-user postgres: its own to judge
	}
	return pid, nil
}
