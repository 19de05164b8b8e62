// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/task"
)

const startLimit = 30 * time.Second

// server is a process that serves HTTP, and a client of it.
type server struct {
	client
	cmd     *exec.Cmd
	log     string     // its file
	running *task.Task // ends with the process
}

// serve starts a program afresh: every account is new to it.
func (b *bench) serve(ctx context.Context, program, url string) (*server, error) {
	return b.start(ctx, thalamus(ctx, program, url, "serve"))
}

// serveFloor starts this program as the floor, in a process of its own as the
// server has one.
func (b *bench) serveFloor(ctx context.Context, url string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return b.start(ctx, exec.CommandContext(ctx, self, "floor", url)) //nolint:gosec // this program
}

// start runs the command with its output in a file: the server pays for a log, as it
// does on a site, and this program does not.
func (b *bench) start(ctx context.Context, cmd *exec.Cmd) (*server, error) {
	log, err := os.CreateTemp(b.temp, filepath.Base(cmd.Path)+"-log-")
	if err != nil {
		return nil, fmt.Errorf("open a log: %w", err)
	}

	defer func() { _ = log.Close() }() // the server has it open

	cmd.Stdout, cmd.Stderr = log, log
	err = cmd.Start()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}

	s := &server{cmd: cmd, log: log.Name()}
	s.running = task.Start(context.WithoutCancel(ctx), func(context.Context) { _ = cmd.Wait() }) // its log tells how it ended
	b.servers = append(b.servers, s)
	return s, s.awaitServing(ctx)
}

// awaitServing waits for the line of the log that tells the address.
func (s *server) awaitServing(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		text, err := os.ReadFile(s.log)
		if err != nil {
			return fmt.Errorf("read the log of %s: %w", s.cmd.Path, err)
		}
		address := servingAddress(string(text))
		if address != "" {
			s.client = newClient(address)
			return nil
		}

		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", s.cmd.Path, ctx.Err())
		case <-s.running.Done():
			return fmt.Errorf("%s did not start", s.cmd.Path)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// servingAddress finds the address in a log, "" while it is not there.
func servingAddress(log string) string {
	_, rest, _ := strings.Cut(log, "msg=serving")
	line, _, whole := strings.Cut(rest, "\n")
	_, address, found := strings.Cut(line, "address=")
	if !whole || !found {
		return ""
	}

	address, _, _ = strings.Cut(address, " ")
	return address
}

// stopServers stops all of them.
func (b *bench) stopServers() error {
	var failed error
	for _, s := range b.servers {
		failed = errors.Join(failed, s.stop())
	}

	b.servers = nil
	return failed
}

// stop ends the server at once: the database has all that is to be kept. Its error
// is the end of the log of a server that has ended by itself.
func (s *server) stop() error {
	select {
	case <-s.running.Done():
		text, _ := os.ReadFile(s.log)
		return fmt.Errorf("%s ended: %s", s.cmd.Path, lastPart(text))
	default:
	}

	_ = s.cmd.Process.Kill() // fails only if it has ended
	<-s.running.Done()
	s.CloseIdleConnections()
	return nil
}

// lastPart gives the last lines of a log, or so.
func lastPart(text []byte) []byte { return text[max(0, len(text)-4<<10):] }

// memoryOf gives the resident memory of a process in MB, now and at its highest;
// both are zero where there is no /proc, and after the process's end.
func memoryOf(p *os.Process) (now, peak float64) {
	file := fmt.Sprintf("/proc/%d/status", p.Pid)
	now, _ = strconv.ParseFloat(grep(file, `VmRSS:\s*(\d+) kB`), 64)
	peak, _ = strconv.ParseFloat(grep(file, `VmHWM:\s*(\d+) kB`), 64)
	return now * 1024 / 1e6, peak * 1024 / 1e6
}

// tick is the unit of the kernel's account of a process, on every Linux.
const tick = 10 * time.Millisecond

// cpuOf gives the processor's time that a process has used; zero where there is no
// /proc, and after the process's end.
func cpuOf(p *os.Process) time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Pid))
	_, rest, _ := strings.Cut(string(text), ") ") // the name before may hold blanks
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}

	user, _ := strconv.Atoi(fields[11]) // utime and stime, see proc(5)
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}
