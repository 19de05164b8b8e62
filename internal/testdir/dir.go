// SPDX-License-Identifier: GPL-3.0-or-later

package testdir

import (
	"fmt"
	"os"
	"testing"
)

// New makes a directory that every user can pass through, as those of t.TempDir are not. Its
// path is short enough for a socket. It is removed with the test.
func New(t testing.TB) string {
	t.Helper()
	dir, err := open(os.MkdirTemp("", ""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// newDir makes a directory whose name tells the process that it is of.
func newDir(base string) (string, error) {
	return open(os.MkdirTemp(base, fmt.Sprintf("%s%d-", prefix, os.Getpid())))
}

// open lets every user pass through a directory that was made, as the postgres user must.
func open(dir string, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711) //nolint:gosec // see above
}
