// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"thalamus/internal/demo"
	"thalamus/internal/localpg"
	"thalamus/internal/tlscert"
)

// demoDir is where a demo lives: the marker, a configuration, a certificate, a PostgreSQL.
type demoDir struct{ path string }

func (d demoDir) postgres() string { return d.file("postgres") }

func (d demoDir) file(name string) string { return filepath.Join(d.path, name) }

// openDemoDir makes the directory, or finds the one of an earlier demo. With
// fresh, what the earlier one left is deleted first. Its name is absolute, so that the
// commands that name it work in every directory.
func openDemoDir(ctx context.Context, path string, fresh bool, progress io.Writer) (demoDir, error) {
	if path == "" {
		path = stateDir()
	}

	path, err := filepath.Abs(path)
	if err != nil {
		return demoDir{}, err
	}

	d := demoDir{path}
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
	return d, os.WriteFile(d.file(demo.Marker), []byte("thalamus demo --fresh deletes this directory.\n"), 0o600)
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
func (d demoDir) own() (bool, error) {
	entries, err := os.ReadDir(d.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(d.file(demo.Marker)); err != nil {
		return false, fmt.Errorf("%s was not made by thalamus demo; choose another directory with --data", d.path)
	}
	return true, nil
}

// once does something that a file of this name says was done.
func (d demoDir) once(name string, do func() error) error {
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

// certificates gives the demo's certificate, made when there is none that lasts.
func (d demoDir) certificates() (*certificates, error) {
	cert, key := d.file("cert.pem"), d.file("key.pem")
	if !lasts(cert) {
		if err := selfSign(cert, key); err != nil {
			return nil, fmt.Errorf("make a certificate: %w", err)
		}
	}
	return newCertificates(cert, key)
}

func lasts(file string) bool {
	leaf, err := tlscert.Read(file)
	if err != nil {
		return false
	}
	return time.Now().AddDate(0, 0, 1).Before(leaf.NotAfter)
}

// selfSign makes a certificate for this machine alone.
func selfSign(certFile, keyFile string) error {
	const year = 365 * 24 * time.Hour
	cert, key, err := tlscert.SelfSign([]string{"localhost", "127.0.0.1", "::1"}, time.Now(), year)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(keyFile, key, 0o600), os.WriteFile(certFile, cert, 0o600))
}
