// SPDX-License-Identifier: GPL-3.0-or-later

// Package testdir gives tests their directories: in memory where that is possible, for a
// cluster of PostgreSQL is a thousand small files, and what a disk takes to make them is more
// than the tests themselves take.
package testdir

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const (
	prefix = "thalamus-test-" // begins the names of directories; the process that made one follows

	memory = "/dev/shm" // where Linux has a file system in memory
	room   = 2 << 30    // bytes that must be free there
)

// Run is the directory of one test binary. TMPDIR is in it, so that what its tests and the
// programs that they start leave behind goes with it.
type Run string

// Begin makes the directory of a test binary. Before, it removes those that killed runs have
// left behind.
func Begin() (Run, error) {
	var failed error
	for _, base := range bases() {
		removeLeft(base)
		dir, err := newDir(base)
		if err == nil {
			return Run(dir), Run(dir).setTemporary()
		}
		failed = err
	}
	return "", failed
}

// bases are the directories to try, the fastest first.
func bases() []string {
	if roomFor(memory) {
		return []string{memory, os.TempDir()}
	}
	return []string{os.TempDir()}
}

// setTemporary makes a directory for everybody's files, and TMPDIR tell of it.
func (r Run) setTemporary() error {
	dir := filepath.Join(string(r), "t") // a short name, for sockets
	err := os.Mkdir(dir, 0o700)
	if err != nil {
		return err
	}

	err = os.Chmod(dir, 0o777|os.ModeSticky) // as /tmp is
	if err != nil {
		return err
	}
	return os.Setenv("TMPDIR", dir)
}

// Cluster is where the PostgreSQL that all tests share is kept.
func (r Run) Cluster() string { return filepath.Join(string(r), "pg") }

// End removes all that the tests made.
func (r Run) End() { _ = os.RemoveAll(string(r)) }

// removeLeft removes the directories of processes that are gone; another user's stay.
func removeLeft(base string) {
	left, _ := filepath.Glob(filepath.Join(base, prefix+"*"))
	for _, dir := range left {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		n, err := strconv.Atoi(pid)
		if err != nil {
			continue
		}

		if syscall.Kill(n, 0) == syscall.ESRCH {
			_ = os.RemoveAll(dir)
		}
	}
}
