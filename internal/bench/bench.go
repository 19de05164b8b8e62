// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/localpg"
)

// The configuration that is shipped.
const (
	configFile = "etc/thalamus.toml"
	rolesFile  = "etc/roles.cfg"
)

// memory is what PostgreSQL gets of it: what a site of a million persons gives.
const memory = "1GB"

// bench is what the sections share: a filled database, and the servers on it.
type bench struct {
	options
	machine  machine
	temp     string
	postgres *localpg.Server
	db       *pgx.Conn // for looking and changing behind the servers' back
	children []*child
}

// newBench makes a database and fills it. The caller closes.
func newBench(ctx context.Context, o options) (*bench, error) {
	b := &bench{options: o}
	if err := b.open(ctx); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *bench) open(ctx context.Context) (err error) {
	if b.temp, err = os.MkdirTemp("", "thalamus-bench-"); err != nil {
		return fmt.Errorf("make a temporary directory: %w", err)
	}
	if err := os.Chmod(b.temp, 0o711); err != nil { //nolint:gosec // PostgreSQL's user passes through
		return fmt.Errorf("open the temporary directory to PostgreSQL: %w", err)
	}
	if b.postgres, err = localpg.Start(ctx, localpg.Options{Dir: filepath.Join(b.temp, "postgres"), Memory: memory}); err != nil {
		return err
	}
	if b.db, err = pgx.Connect(ctx, b.url()); err != nil {
		return fmt.Errorf("reach the private PostgreSQL: %w", err)
	}
	if !slices.Equal(b.sections, []string{"index"}) { // which has databases of its own
		if err := b.migrate(b.url()); err != nil {
			return err
		}
		if err := fill(ctx, b.db); err != nil {
			return err
		}
	}
	b.machine, err = lookAround(ctx, b)
	return err
}

// close stops and removes everything, however far open came.
func (b *bench) close() (err error) {
	b.stopChildren()
	if b.db != nil {
		_ = b.db.Close(context.Background()) // nothing is lost with it
	}
	if b.postgres != nil {
		err = b.postgres.Stop()
	}
	return errors.Join(err, os.RemoveAll(b.temp)) //nolint:gosec // open made it
}

func (b *bench) url() string { return b.postgres.URL("postgres") }

// thalamusCommand prepares the program with its shipped configuration. Only
// the environment given here changes it; ours does not.
func (b *bench) thalamusCommand(verb string, environ ...string) *exec.Cmd {
	//nolint:gosec,noctx // the program to measure; stopped by the bench
	cmd := exec.Command(b.thalamus, verb, "--config", configFile)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "THALAMUS_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "THALAMUS_DATABASE_URL="+b.url(),
		"THALAMUS_ACCESS_ROLES="+rolesFile, "THALAMUS_SERVER_LISTEN=127.0.0.1:0")
	cmd.Env = append(cmd.Env, environ...)
	return cmd
}

// serve starts a server that has seen nobody yet.
func (b *bench) serve(ctx context.Context, environ ...string) (*child, error) {
	return b.start(ctx, "thalamus", b.thalamusCommand("serve", environ...))
}

// serveFloor starts this program as the floor, in a process of its own as the
// server has one.
func (b *bench) serveFloor(ctx context.Context, url string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	//nolint:gosec,noctx // this program; stopped by the bench
	return b.start(ctx, "floor", exec.Command(self, "floor", url))
}

func (b *bench) start(ctx context.Context, name string, cmd *exec.Cmd) (*child, error) {
	c, err := spawn(name, cmd)
	if err != nil {
		return nil, err
	}
	b.children = append(b.children, c)
	return c, c.awaitServing(ctx)
}

func (b *bench) stopChildren() {
	for _, c := range b.children {
		c.stop()
	}
	b.children = nil
}
