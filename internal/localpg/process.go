// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"thalamus/internal/task"
)

// process is a child that ends when we do.
type process struct {
	child *os.Process
	work  *task.Task // waits for its end
	err   error      // how it ended; to be read when the work is done
}

// spawn starts the command; a goroutine waits for its end.
func spawn(cmd *exec.Cmd) (*process, error) {
	p := &process{}
	started := make(chan error)
	p.work = task.Start(context.Background(), func(context.Context) { p.run(cmd, started) })

	err := <-started
	if err != nil {
		p.work.Wait()
		return nil, err
	}
	p.child = cmd.Process
	return p, nil
}

// run starts the command and waits for it on one thread of its own, which
// therefore lives as long as the child: the kernel takes the end of the thread
// for the end of the parent.
func (p *process) run(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	dieWithParent(cmd.SysProcAttr)
	err := cmd.Start()
	started <- err
	if err != nil {
		return
	}

	p.err = cmd.Wait()
}

// stop ends a postmaster and returns when it has ended, an error unless it
// ended cleanly. After patience it is asked for an immediate shutdown, then
// killed; PostgreSQL recovers from either at the next start.
func (p *process) stop(patience time.Duration) error {
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if p.signal(sig, patience) {
			return p.result(sig == syscall.SIGQUIT)
		}
	}

	_ = p.child.Kill() // fails only if it has ended meanwhile
	p.work.Wait()
	return p.result(true)
}

// signal reports whether the process ends within patience.
func (p *process) signal(sig os.Signal, patience time.Duration) bool {
	_ = p.child.Signal(sig) // fails only if it has ended
	timer := time.NewTimer(patience)
	defer timer.Stop()

	select {
	case <-p.work.Done():
		return true
	case <-timer.C:
		return false
	}
}

func (p *process) result(forced bool) error {
	if forced {
		return errors.New("postgres did not shut down in time and was ended by force")
	}
	if p.err != nil {
		return fmt.Errorf("postgres ended: %w", p.err)
	}
	return nil
}
