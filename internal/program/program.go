// SPDX-License-Identifier: GPL-3.0-or-later

// Package program runs a built thalamus, or another program that serves, for measurements and
// trials, and looks at its process.
package program

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"thalamus/internal/task"
)

const startLimit = 30 * time.Second

// Program is a process that serves HTTP.
type Program struct {
	Address string // host:port that it serves
	Process *os.Process

	cmd     *exec.Cmd
	log     string     // its file
	running *task.Task // ends with the process
}

// Start runs the command with its output in a file of the directory: the program pays for a
// log, as it does on a site, and its starter does not. It returns when the program serves.
// After an error the program may run: it is to be stopped, too, unless it is nil.
func Start(ctx context.Context, cmd *exec.Cmd, dir string) (*Program, error) {
	log, err := os.CreateTemp(dir, filepath.Base(cmd.Path)+"-log-")
	if err != nil {
		return nil, fmt.Errorf("open a log: %w", err)
	}
	defer func() { _ = log.Close() }() // the program has it open

	cmd.Stdout, cmd.Stderr = log, log
	err = cmd.Start()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}

	p := &Program{Process: cmd.Process, cmd: cmd, log: log.Name()}
	p.running = task.Start(context.WithoutCancel(ctx), func(context.Context) { _ = cmd.Wait() }) // its log tells how it ended
	return p, p.awaitServing(ctx)
}

// awaitServing waits for the line of the log that tells the address.
func (p *Program) awaitServing(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		text, err := os.ReadFile(p.log)
		if err != nil {
			return fmt.Errorf("read the log of %s: %w", p.cmd.Path, err)
		}
		p.Address = servingAddress(string(text))
		if p.Address != "" {
			return nil
		}

		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", p.cmd.Path, ctx.Err())
		case <-p.running.Done():
			return p.ended()
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

// Stop ends the program at once: the database has all that is to be kept. Its error
// is the end of the log of a program that has ended by itself.
func (p *Program) Stop() error {
	select {
	case <-p.running.Done():
		return p.ended()
	default:
	}

	_ = p.Process.Kill() // fails only if it has ended
	p.running.Wait()
	return nil
}

// ended tells why a program has ended by itself.
func (p *Program) ended() error {
	text, _ := p.Log()
	return fmt.Errorf("%s ended: %s", p.cmd.Path, LastPart(text))
}

// Terminate asks the program to end, and gives its exit status when it has.
func (p *Program) Terminate() int {
	_ = p.Process.Signal(syscall.SIGTERM) // fails only if it has ended
	p.running.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// Log is all that the program has written.
func (p *Program) Log() ([]byte, error) { return os.ReadFile(p.log) }

// LastPart gives the last lines of a log, or so.
func LastPart(text []byte) []byte { return text[max(0, len(text)-4<<10):] }
