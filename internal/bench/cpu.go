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
	"strconv"
	"strings"
	"time"
)

// runToEnd runs a program and gives its time by the clock and the most memory, in
// MiB, that it was seen to have.
func runToEnd(ctx context.Context, cmd *exec.Cmd) (took time.Duration, peak float64, err error) {
	var said bytes.Buffer
	cmd.Stderr = &said
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(memoryPace)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				err = fmt.Errorf("%w: %s", err, said.String()[max(0, said.Len()-logPart):])
			}
			return time.Since(begun), peak, err
		case <-ctx.Done():
			_ = cmd.Process.Kill() // fails only if it has ended
			return 0, 0, errors.Join(context.Cause(ctx), <-ended)
		case <-tick.C:
			if _, highest, err := memoryOf(cmd.Process.Pid); err == nil { // else it has just ended
				peak = highest
			}
		}
	}
}

// cpuTick is the unit of /proc's processor times, on all of Linux.
const cpuTick = 10 * time.Millisecond

// postgresCPU is the processor time that PostgreSQL has taken since its start: its
// first process has that of those that ended, and the others their own.
func (x *index) postgresCPU(ctx context.Context) (sum time.Duration, err error) {
	pid := 0
	if err := x.db.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&pid); err != nil {
		return 0, err
	}
	self, err := processStat(strconv.Itoa(pid))
	if err != nil {
		return 0, fmt.Errorf("processor time is only known on Linux: %w", err)
	}
	for ended := time.Duration(-1); ; {
		first, err := processStat(self.parent)
		if err != nil {
			return 0, err
		}
		if first.ended == ended { // no process went from the one sum to the other meanwhile
			return sum + first.own + first.ended, nil
		}
		sum, ended = childrenCPU(self.parent), first.ended
	}
}

func childrenCPU(parent string) (sum time.Duration) {
	all, _ := filepath.Glob("/proc/[0-9]*") // a good pattern
	for _, dir := range all {
		if p, err := processStat(filepath.Base(dir)); err == nil && p.parent == parent { // else it has just ended
			sum += p.own
		}
	}
	return sum
}

// cpuOf is the processor time of a server and of PostgreSQL.
func (x *index) cpuOf(ctx context.Context, c *child) (time.Duration, error) {
	own, err := processStat(strconv.Itoa(c.process.Pid))
	if err != nil {
		return 0, err
	}
	postgres, err := x.postgresCPU(ctx)
	return own.own + postgres, err
}

type process struct {
	parent     string
	own, ended time.Duration // the latter of its children
}

// processStat reads what the kernel says of a process.
func processStat(pid string) (p process, err error) {
	text, err := os.ReadFile("/proc/" + pid + "/stat") //nolint:gosec // of the kernel's
	if err != nil {
		return p, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // from the third on
	if len(fields) < 15 {
		return p, fmt.Errorf("read /proc/%s/stat", pid)
	}
	ticks := func(i int) time.Duration {
		n, _ := strconv.ParseInt(fields[i], 10, 64) // the kernel writes numbers
		return time.Duration(n) * cpuTick
	}
	return process{parent: fields[1], own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14)}, nil
}
