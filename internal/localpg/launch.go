// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// launcher brings a server up in a home.
type launcher struct {
	home *home
	pg   programs
	log  *os.File
	Options
}

// launch returns a server that answers. After an error no process runs; the home
// stays open.
func launch(ctx context.Context, h *home, o Options) (*Server, error) {
	major, err := h.clusterMajor()
	if err != nil {
		return nil, err
	}
	pg, err := findPrograms(ctx, major)
	if err != nil {
		return nil, err
	}
	err = pg.checkPath(ctx, h.dir)
	if err != nil {
		return nil, err
	}

	log, err := h.openLog()
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // only the programs write to it

	l := &launcher{home: h, pg: pg, log: log, Options: o}
	return l.up(ctx, major == 0)
}

// up makes the cluster if it is fresh, starts postgres and waits for it.
func (l *launcher) up(ctx context.Context, fresh bool) (*Server, error) {
	err := l.removeUnfinished()
	if err != nil {
		return nil, err
	}
	if fresh {
		err := l.makeCluster(ctx)
		if err != nil {
			return nil, err
		}
	}

	stale, err := l.stopOrphan(ctx)
	if err != nil {
		return nil, err
	}
	socket, err := l.makeSocketDir(ctx)
	if err != nil {
		return nil, err
	}
	return l.serve(ctx, socket, stale)
}

// serve starts postgres, again and again while backends of one that was killed
// hold its shared memory: they end by themselves when they notice.
func (l *launcher) serve(ctx context.Context, socket string, stale int) (*Server, error) {
	for deadline := time.Now().Add(heldLimit); ; {
		s, err := l.serveOnce(ctx, socket, stale)
		held := err != nil && strings.Contains(err.Error(), "pre-existing shared memory block")
		if !held || time.Now().After(deadline) {
			return s, err
		}

		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(5 * pollEvery):
		}
	}
}

// serveOnce starts postgres and returns when it answers.
func (l *launcher) serveOnce(ctx context.Context, socket string, stale int) (*Server, error) {
	proc, err := l.startPostmaster(ctx, socket, stale)
	if err != nil {
		return nil, err
	}

	s := newServer(l.home, proc, socket)
	err = s.awaitReady(ctx)
	if err != nil {
		_ = proc.stop(stopLimit) // the first error says more
		return nil, err
	}
	return s, nil
}

// startPostmaster starts postgres. It outlives the context, which is that of
// the start. Stale is the process number in an old postmaster.pid, known not
// to be a postmaster of this cluster, or 0.
func (l *launcher) startPostmaster(ctx context.Context, socket string, stale int) (*process, error) {
	args := append([]string{"-D", l.home.cluster()}, settings(socket, l.Options)...)
	cmd := l.pg.command(context.WithoutCancel(ctx), l.home.dir, "postgres", args...)
	cmd.Stdout, cmd.Stderr = l.log, l.log

	// After a reboot the number may belong to any process, and postgres would refuse to
	// start. This variable, meant for pg_ctl, tells it which process is no postmaster; it
	// still makes sure that no process uses the old shared memory, as it would not if the
	// file were deleted.
	if stale != 0 {
		cmd.Env = append(cmd.Env, "PG_GRANDPARENT_PID="+strconv.Itoa(stale))
	}

	proc, err := spawn(cmd)
	if err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	return proc, nil
}
