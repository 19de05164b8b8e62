// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const startLimit = 30 * time.Second

// child is a server in a process of its own that ends when we do.
type child struct {
	name    string
	address string   // host:port that it serves
	log     *os.File // what it says; the file has no name any more
	process *os.Process
	ended   chan struct{}
}

// spawn starts the command with its output in a file, which costs the server
// what a log costs, and this program nothing.
func spawn(name string, cmd *exec.Cmd) (*child, error) {
	log, err := os.CreateTemp("", "thalamus-bench-log-")
	if err != nil {
		return nil, fmt.Errorf("open the log of %s: %w", name, err)
	}
	_ = os.Remove(log.Name()) // it lives until the last of us closes it
	cmd.Stdout, cmd.Stderr = log, log
	// Ctrl-C in a terminal must not end it before the measurement.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c := &child{name: name, log: log, ended: make(chan struct{})}
	started := make(chan error)
	go c.run(cmd, started)
	if err := <-started; err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", name, err), log.Close())
	}
	c.process = cmd.Process
	return c, nil
}

// run starts the command and waits for it on one thread of its own: the kernel
// takes the end of the thread for the end of the parent.
func (c *child) run(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	dieWithParent(cmd.SysProcAttr)
	err := cmd.Start()
	started <- err
	if err == nil {
		_ = cmd.Wait() // how it ended is in its log
		close(c.ended)
	}
}

// awaitServing waits for the line of the log that tells the address.
func (c *child) awaitServing(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		if c.address = servingAddress(c.logged(0)); c.address != "" {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", c.name, ctx.Err())
		case <-c.ended:
			return errors.New(c.name + " did not start")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// servingAddress finds the address in a log, "" while it is not there.
func servingAddress(log string) string {
	_, rest, _ := strings.Cut(log, "msg=serving")
	line, _, whole := strings.Cut(rest, "\n")
	_, rest, found := strings.Cut(line, "address=")
	if !whole || !found {
		return ""
	}
	address, _, _ := strings.Cut(rest, " ")
	return address
}

// stop ends it at once: the database has all that is to be kept, and logins
// under way would only take the processor from what comes next. If it has ended
// by itself, stop shows its last words.
func (c *child) stop() {
	select {
	case <-c.ended:
		if end, err := c.log.Seek(0, io.SeekEnd); err == nil { // else stop was called before
			fmt.Fprintf(os.Stderr, "%s ended:\n%s\n", c.name, c.logged(max(0, end-logPart)))
		}
	default:
		_ = c.process.Kill() // fails only if it has ended
		<-c.ended
	}
	_ = c.log.Close()
}

const logPart = 4 << 10

// logged gives a part of the log from an offset on.
func (c *child) logged(from int64) string {
	part := make([]byte, logPart)
	n, _ := c.log.ReadAt(part, from) // what cannot be read is not there
	return string(part[:n])
}
