// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"thalamus/internal/testdir"
)

const identifier = `SELECT system_identifier::text FROM pg_control_system()`

// startKept starts a server in a directory of its own.
func startKept(t *testing.T, keep string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Options{Dir: testdir.New(t), Unsafe: true, Keep: keep})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func TestAKeptClusterIsCopiedAsItWasMade(t *testing.T) {
	t.Parallel()
	keep := filepath.Join(t.TempDir(), "keep")
	first := startKept(t, keep)
	run(t, first, `CREATE TABLE written ()`)
	second := startKept(t, keep)
	if a, b := ask(t, first, "postgres", identifier), ask(t, second, "postgres", identifier); a != b {
		t.Errorf("the second cluster is %s, and no copy of %s", b, a)
	}
	if got := ask(t, second, "postgres", `SELECT (to_regclass('written') IS NULL)::text`); got != "true" {
		t.Error("what was written to the first cluster is in the second")
	}
	kept, err := os.ReadDir(keep)
	if err != nil || len(kept) != 1 || len(unfinishedIn(t, keep)) != 0 {
		t.Errorf("kept: %v, %v", kept, err)
	}
}

func TestAClusterThatNobodyCopiesIsNotKeptForEver(t *testing.T) {
	t.Parallel()
	keep := t.TempDir()
	for name, age := range map[string]time.Duration{"old": unused + time.Hour, "young": unused - time.Hour, "kept": 0} {
		dir := filepath.Join(keep, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		used := time.Now().Add(-age)
		if err := os.Chtimes(dir, used, used); err != nil {
			t.Fatal(err)
		}
	}
	(&launcher{Options: Options{Keep: keep}}).removeUnused()
	for name, stays := range map[string]bool{"old": false, "young": true, "kept": true} {
		_, err := os.Stat(filepath.Join(keep, name))
		if stays != !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: stays %t, want %t", name, !stays, stays)
		}
	}
}

func TestWhereNoClusterCanBeKeptEachIsMade(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, startKept(t, filepath.Join(file, "keep")), "postgres", `SELECT '1'`); got != "1" {
		t.Errorf("got %s", got)
	}
}
