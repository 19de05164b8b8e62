// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"fmt"
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

// newHome makes the directory of a cluster: in memory where that is possible. It
// removes first what test runs that were killed have left behind.
func newHome() (dir string, err error) {
	for _, base := range []string{memory, os.TempDir()} {
		removeLeft(base)
		if dir, err = os.MkdirTemp(base, fmt.Sprintf("%s%d-", prefix, os.Getpid())); err == nil {
			return dir, nil
		}
	}
	return "", err
}

// removeLeft removes the directories of processes that are gone.
func removeLeft(base string) {
	left, _ := filepath.Glob(filepath.Join(base, prefix+"*"))
	for _, dir := range left {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		n, err := strconv.Atoi(pid)
		if err == nil && syscall.Kill(n, 0) == syscall.ESRCH {
			_ = os.RemoveAll(dir) // somebody else's stays
		}
	}
}
