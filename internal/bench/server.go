// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"thalamus/internal/program"
)

// server is a process that serves HTTP, and a client of it.
type server struct {
	client
	*program.Program
}

// serve starts a program afresh: every account is new to it.
func (b *bench) serve(ctx context.Context, thalamus, url string) (*server, error) {
	return b.start(ctx, program.Command(ctx, thalamus, url, "serve"))
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

// start runs the command until the section ends.
func (b *bench) start(ctx context.Context, cmd *exec.Cmd) (*server, error) {
	started, err := program.Start(ctx, cmd, b.temp)
	if started == nil {
		return nil, err
	}

	s := &server{Program: started, client: newClient(started.Address)}
	b.servers = append(b.servers, s)
	return s, err
}

// stopServers stops all of them.
func (b *bench) stopServers() error {
	var failed error
	for _, s := range b.servers {
		failed = errors.Join(failed, s.Stop())
		s.CloseIdleConnections()
	}

	b.servers = nil
	return failed
}
