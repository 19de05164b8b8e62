// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/localpg"
	"thalamus/internal/program"
)

// The first account, which may do everything.
const (
	rootAccount  = "SOAKROOT"
	rootPassword = "the first of all passwords"
)

// site is a database and two hubs on it: one that is steady, and one that is mortal.
type site struct {
	thalamus string
	temp     string // a directory, removed at the end

	mu             sync.Mutex // guards the things that are killed
	postgres       *localpg.Server
	steady, mortal *hub
}

// newSite starts everything.
func newSite(ctx context.Context, thalamus string) (*site, error) {
	s := &site{thalamus: thalamus}
	err := s.open(ctx)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *site) open(ctx context.Context) (err error) {
	s.temp, err = os.MkdirTemp("", "soak-")
	if err != nil {
		return fmt.Errorf("make a temporary directory: %w", err)
	}
	err = os.Chmod(s.temp, 0o711) //nolint:gosec // PostgreSQL's user passes through
	if err != nil {
		return fmt.Errorf("open the temporary directory to PostgreSQL: %w", err)
	}
	err = s.startPostgres(ctx)
	if err != nil {
		return err
	}

	for _, command := range [][]string{{"migrate"}, {"account", "add", rootAccount, "--role", "root"}} {
		cmd := program.Command(ctx, s.thalamus, s.url(), command[0], command[1:]...)
		cmd.Stdin = strings.NewReader(rootPassword + "\n")
		text, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("thalamus %v: %w: %s", command, err, text)
		}
	}

	s.steady, err = s.newHub(ctx, "steady")
	if err != nil {
		return err
	}
	s.mortal, err = s.newHub(ctx, "mortal")
	return err
}

// startPostgres starts PostgreSQL where it was before. It waits for the disk: what it has
// acknowledged outlives it.
func (s *site) startPostgres(ctx context.Context) error {
	postgres, err := localpg.Start(ctx, localpg.Options{Dir: filepath.Join(s.temp, "postgres")})
	if err != nil {
		return err
	}
	s.postgres = postgres
	return nil
}

// url is the same after a restart of PostgreSQL.
func (s *site) url() string { return s.postgres.URL("postgres") }

// crash ends PostgreSQL by a signal, as an accident does, and returns when it has ended.
func (s *site) crash(sig syscall.Signal) error {
	err := s.postgres.Signal(sig)
	if err != nil {
		return fmt.Errorf("crash PostgreSQL: %w", err)
	}

	<-s.postgres.Done()
	_ = s.postgres.Stop() // it says that it did not end well
	return nil
}

// connect opens a connection behind the hubs' backs.
func (s *site) connect(ctx context.Context) (*pgx.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connectLocked(ctx)
}

// connectLocked is connect for those who hold the lock.
func (s *site) connectLocked(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, s.url())
}

// terminate ends the hubs in the way that a service manager does.
func (s *site) terminate(faults *faults) {
	for _, h := range []*hub{s.steady, s.mortal} {
		status := h.running.Terminate()
		if status != 0 {
			faults.add("the %s hub ended with status %d", h.name, status)
		}
		h.running = nil
	}
}

// close stops and removes everything, however far open came.
func (s *site) close() (err error) {
	for _, h := range []*hub{s.steady, s.mortal} {
		if h != nil && h.running != nil {
			err = errors.Join(err, h.running.Stop())
		}
	}
	if s.postgres != nil {
		err = errors.Join(err, s.postgres.Stop())
	}
	return errors.Join(err, os.RemoveAll(s.temp))
}

// freeAddress finds an address that a hub can be started on again.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}
