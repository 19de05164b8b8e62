// SPDX-License-Identifier: GPL-3.0-or-later

package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"thalamus/internal/localpg"
	"thalamus/internal/store"
)

// Dir is where a demo lives: the marker, a configuration, a certificate, a PostgreSQL.
type Dir struct{ path string }

func (d Dir) postgres() string { return d.file("postgres") }

func (d Dir) file(name string) string { return filepath.Join(d.path, name) }

// OpenDir makes the directory, or finds the one of an earlier demo. With
// fresh, what the earlier one left is deleted first. Its name is absolute, so that the
// commands that name it work in every directory.
func OpenDir(ctx context.Context, path string, fresh bool, progress io.Writer) (Dir, error) {
	if path == "" {
		path = stateDir()
	}

	path, err := filepath.Abs(path)
	if err != nil {
		return Dir{}, err
	}

	d := Dir{path}
	own, err := d.own()
	if err != nil {
		return d, err
	}

	if fresh && own {
		fmt.Fprintf(progress, "Deleting the demo in %s, with all that was changed there, to start over.\n", d.path)
		if err := localpg.Remove(ctx, d.postgres()); err != nil {
			return d, fmt.Errorf("start over: %w", stopFirst(err))
		}
		if err := os.RemoveAll(d.path); err != nil {
			return d, fmt.Errorf("start over: %w", err)
		}
	}

	if fresh || !own {
		fmt.Fprintf(progress, "Making a demo in %s, with a PostgreSQL of its own.\n", d.path)
	}

	if err := os.MkdirAll(d.path, 0o755); err != nil { //nolint:gosec // PostgreSQL's user must be able to pass
		return d, err
	}
	return d, os.WriteFile(d.file(Marker), []byte("thalamus demo --fresh deletes this directory.\n"), 0o600)
}

// StartPostgres starts the demo's PostgreSQL.
func (d Dir) StartPostgres(ctx context.Context) (*localpg.Server, error) {
	postgres, err := localpg.Start(ctx, localpg.Options{Dir: d.postgres()})
	return postgres, stopFirst(err)
}

// FillOnce fills the demo's database, if that was not done before.
func (d Dir) FillOnce(ctx context.Context, db *store.DB, progress io.Writer) error {
	return d.once("filled", func() error {
		fmt.Fprintln(progress, "Filling the database with the demo's records.")
		if err := Fill(ctx, db); err != nil {
			return err
		}
		return d.recordEarlier()
	})
}

// recordEarlier puts earlier accesses to Ana's records before those of this demo.
func (d Dir) recordEarlier() error {
	earlier, err := files.ReadFile("data/access.jsonl")
	if err != nil {
		return err
	}

	record, err := os.OpenFile(d.file(recordFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}

	_, err = record.Write(earlier)
	return errors.Join(err, record.Close())
}

// stopFirst says what to do about a demo that runs in the same directory.
func stopFirst(err error) error {
	if errors.Is(err, localpg.ErrInUse) {
		return fmt.Errorf("%w; stop the demo that runs there first, with Ctrl-C in its terminal, or choose another directory with --data", err)
	}
	return err
}

// own reports whether the directory is a demo's. One that is anything else's is
// an error, unless it is empty.
func (d Dir) own() (bool, error) {
	entries, err := os.ReadDir(d.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(d.file(Marker)); err != nil {
		return false, fmt.Errorf("%s was not made by thalamus demo; choose another directory with --data", d.path)
	}
	return true, nil
}

// once does something that a file of this name says was done.
func (d Dir) once(name string, do func() error) error {
	if _, err := os.Stat(d.file(name)); err == nil {
		return nil
	}
	if err := do(); err != nil {
		return err
	}
	return os.WriteFile(d.file(name), nil, 0o600)
}

// stateDir is the demo's place in the user's state folder. Root's home is closed
// to the user that PostgreSQL runs as.
func stateDir() string {
	if dir := os.Getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "thalamus", "demo")
	}
	if home, err := os.UserHomeDir(); err == nil && os.Geteuid() != 0 {
		return filepath.Join(home, ".local", "state", "thalamus", "demo")
	}
	return "/var/lib/thalamus/demo"
}
