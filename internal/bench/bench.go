// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/localpg"
	"thalamus/internal/program"
)

// sharedBuffers is PostgreSQL's memory, as a site of a million persons sets it.
const sharedBuffers = "1GB"

// bench holds the things that all sections need.
type bench struct {
	options
	report
	temp     string // a directory, removed at the end
	postgres *localpg.Server
	servers  []*server // those that run
}

// newBench starts PostgreSQL and opens the report. The caller closes.
func newBench(ctx context.Context, o options) (*bench, error) {
	b := &bench{options: o}
	err := b.open(ctx)
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *bench) open(ctx context.Context) (err error) {
	b.temp, err = os.MkdirTemp("", "thalamus-bench-")
	if err != nil {
		return fmt.Errorf("make a temporary directory: %w", err)
	}
	err = os.Chmod(b.temp, 0o711) //nolint:gosec // PostgreSQL's user passes through
	if err != nil {
		return fmt.Errorf("open the temporary directory to PostgreSQL: %w", err)
	}

	b.postgres, err = localpg.Start(ctx, localpg.Options{Dir: filepath.Join(b.temp, "postgres"), Memory: sharedBuffers})
	if err != nil {
		return err
	}

	b.report, err = newReport(ctx, b.thalamus)
	return err
}

// close stops and removes everything, however far open came.
func (b *bench) close() error {
	err := b.stopServers()
	if b.postgres != nil {
		err = errors.Join(err, b.postgres.Stop())
	}
	return errors.Join(err, b.report.close(), os.RemoveAll(b.temp))
}

// database is one of the private PostgreSQL's. Its connection looks and changes behind
// the servers' back, and ends with PostgreSQL.
type database struct {
	*pgx.Conn
	url string
}

// newDatabase makes a migrated database.
func (b *bench) newDatabase(ctx context.Context, name string) (db database, err error) {
	admin, err := pgx.Connect(ctx, b.postgres.URL("postgres"))
	if err != nil {
		return db, fmt.Errorf("reach the private PostgreSQL: %w", err)
	}
	defer func() { _ = admin.Close(ctx) }() // nothing is lost with it

	_, err = admin.Exec(ctx, `CREATE DATABASE `+name)
	if err != nil {
		return db, fmt.Errorf("create the database %s: %w", name, err)
	}

	db.url = b.postgres.URL(name)
	text, err := program.Command(ctx, b.thalamus, db.url, "migrate").CombinedOutput()
	if err != nil {
		return db, fmt.Errorf("thalamus migrate: %w: %s", err, text)
	}

	db.Conn, err = pgx.Connect(ctx, db.url)
	if err != nil {
		return db, fmt.Errorf("reach the database %s: %w", name, err)
	}
	return db, nil
}
