// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"thalamus/internal/task"
)

// process is a program that runs until it ends, or is killed, or the test ends.
type process struct {
	cmd  *exec.Cmd
	work *task.Task
	err  error // how it ended; to be read when the work is done
}

// launch starts a program with its output behind that in a file.
func launch(t testing.TB, cmd *exec.Cmd, log string) *process {
	t.Helper()
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()

	cmd.Stderr = file
	if cmd.Stdout == nil {
		cmd.Stdout = file
	}
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	cmd.SysProcAttr.Pdeathsig = syscall.SIGTERM

	p, started := &process{cmd: cmd}, make(chan error)
	p.work = task.Start(context.Background(), func(context.Context) { p.run(started) })
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// run keeps the thread that has started the program: with its end the program is told to end.
func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}

	p.err = p.cmd.Wait()
}

// pid lists the process, unless it has ended: its number may be another's by now.
func (p *process) pid() []int {
	select {
	case <-p.work.Done():
		return nil
	default:
		return []int{p.cmd.Process.Pid}
	}
}

// kill ends the program and all that it has started, as a power cut does.
func (p *process) kill() {
	signal(syscall.SIGKILL, family(p.pid()...))
	p.work.Wait()
}

// signal sends a signal to processes; some may have ended.
func signal(s syscall.Signal, pids []int) {
	for _, pid := range pids {
		_ = syscall.Kill(pid, s)
	}
}

// family lists processes and their descendants.
func family(pids ...int) []int {
	children := childrenOf()
	for i := 0; i < len(pids); i++ {
		pids = append(pids, children[pids[i]]...)
	}
	return pids
}

// childrenOf lists the children of every process.
func childrenOf() map[int][]int {
	found := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, _ := os.ReadFile(path) // "" of a process that has ended
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		_, rest, ok := strings.Cut(string(text), ") ")
		if err != nil || !ok {
			continue
		}
		parent, _ := strconv.Atoi(strings.Fields(rest)[1])
		found[parent] = append(found[parent], pid)
	}
	return found
}
