// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// prefix begins the names of the directories of clusters; the process that made
// one follows.
const prefix = "thalamus-test-"

// memory is where Linux has a file system in memory, which clones databases in
// a third of the time.
const memory = "/dev/shm"

// newClusterDir makes the directory of a cluster: in memory where that is possible.
// Before, it removes directories that killed test runs have left behind.
func newClusterDir() (string, error) {
	var failed error
	for _, base := range []string{memory, os.TempDir()} {
		removeLeft(base)
		dir, err := newDir(base)
		if err == nil {
			return dir, nil
		}
		failed = err
	}
	return "", failed
}

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
