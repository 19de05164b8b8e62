// SPDX-License-Identifier: GPL-3.0-or-later

package testdir

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestDirectoriesOfKilledRunsAreRemoved(t *testing.T) {
	t.Parallel()
	ended := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$", "-test.list=^$")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	base := t.TempDir()
	for name, stays := range map[string]bool{
		fmt.Sprintf("%s%d-1", prefix, ended.Process.Pid): false,
		fmt.Sprintf("%s%d-2", prefix, os.Getpid()):       true,
		prefix + "somebody":                              true,
		"another-1-1":                                    true,
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(base, name)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			removeLeft(base)
			if _, err := os.Stat(dir); (err == nil) != stays {
				t.Errorf("%s: stays %t, want %t", name, err == nil, stays)
			}
		})
	}
}

func TestTheDirectoryOfARunTellsItsProcess(t *testing.T) {
	t.Parallel()
	dir, err := newDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}

	own, err := filepath.Match(fmt.Sprintf("%s%d-*", prefix, os.Getpid()), filepath.Base(dir))
	if err != nil || !own {
		t.Errorf("%s does not tell of process %d: %v", dir, os.Getpid(), err)
	}
}

func TestADirectoryLetsOthersThrough(t *testing.T) {
	t.Parallel()
	info, err := os.Stat(New(t))
	if err != nil || info.Mode().Perm() != 0o711 {
		t.Errorf("%v, %v", info, err)
	}
}

// Not parallel: it moves TMPDIR.
func TestARunHasItsTemporaryFilesInItsDirectory(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	run, err := Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer run.End()

	info, err := os.Stat(os.TempDir())
	if err != nil || info.Mode() != os.ModeDir|os.ModeSticky|0o777 || filepath.Dir(os.TempDir()) != string(run) {
		t.Errorf("%s in %s: %v, %v", os.TempDir(), run, info, err)
	}

	run.End()
	if _, err := os.Stat(string(run)); !os.IsNotExist(err) {
		t.Errorf("it is left: %v", err)
	}
}
