// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// serverAlone is set where the tests are run on a package of PostgreSQL that has a server and
// no clients, as make versions does.
const serverAlone = "TESTS_ON_A_SERVER_ALONE"

// Program finds a program of the same version as the server at url, like pg_dump. On a server
// alone the test says what it lacks, and ends.
func Program(t testing.TB, url, name string) (path string) {
	t.Helper()
	path = filepath.Join(Text(t, url, `SELECT setting FROM pg_config WHERE name = 'BINDIR'`), name)
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && os.Getenv(serverAlone) != "" {
		t.Skipf("needs %s of this version of PostgreSQL", name)
	}
	if err != nil {
		t.Fatalf("needs %s: %v", name, err)
	}
	return path
}
