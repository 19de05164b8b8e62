// SPDX-License-Identifier: GPL-3.0-or-later

package bulk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"thalamus/internal/fhir/resource"
)

var patient = resource.Patient(resource.Record{ID: "XA", Data: []byte(`{"name": "Ana"}`)}, nil, time.UTC)

func made(t *testing.T, name string) *directory {
	t.Helper()
	d, err := newDirectory(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.write(patient); err != nil {
		t.Fatal(err)
	}
	return d
}

// names are those of what is in a directory.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return strings.Join(all, " ")
}

func TestADirectoryAppearsWhenItIsWholeAndIsItsOwners(t *testing.T) {
	parent := t.TempDir()
	name := filepath.Join(parent, "all")
	d := made(t, name)
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there before it is whole: %v", err)
	}
	if err := d.keep(time.Now()); err != nil {
		t.Fatal(err)
	}

	if names(t, parent) != "all" || names(t, name) != "Patient.ndjson manifest.json" {
		t.Errorf("there are %s with %s", names(t, parent), names(t, name))
	}
	for file, want := range map[string]os.FileMode{"": os.ModeDir | 0o700, "Patient.ndjson": 0o600, "manifest.json": 0o600} {
		if info, err := os.Stat(filepath.Join(name, file)); err != nil || info.Mode() != want {
			t.Errorf("%q: %v, %v, want %v", file, info.Mode(), err, want)
		}
	}
}

// A directory that is there is replaced if it is empty, also behind a link; what has files is left alone.
func TestADirectoryThatHasSomethingIsRefused(t *testing.T) {
	parent := t.TempDir()
	empty, link, full, file := filepath.Join(parent, "empty"), filepath.Join(parent, "link"), filepath.Join(parent, "full"), filepath.Join(parent, "file")
	err := errors.Join(os.Mkdir(empty, 0o755), os.Symlink(empty, link), os.Mkdir(full, 0o755),
		os.WriteFile(filepath.Join(full, "Patient.ndjson"), nil, 0o600), os.WriteFile(file, nil, 0o600))
	if err != nil {
		t.Fatal(err)
	}

	if err := made(t, link).keep(time.Now()); err != nil || names(t, empty) != "Patient.ndjson manifest.json" {
		t.Errorf("%v: %s", err, names(t, empty))
	}
	for _, name := range []string{full, empty, link, file, filepath.Join(parent, "none", "all")} {
		if _, err := newDirectory(name); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if names(t, parent) != "empty file full link" || names(t, full) != "Patient.ndjson" {
		t.Errorf("there are %s with %s", names(t, parent), names(t, full))
	}
}

// Two exports to the same name: the second one to end has to fail.
func TestADirectoryThatHasAppearedMeanwhileStays(t *testing.T) {
	parent := t.TempDir()
	name := filepath.Join(parent, "all")
	first, second := made(t, name), made(t, name)
	if err := first.keep(time.Now()); err != nil {
		t.Error(err)
	}
	if err := second.keep(time.Now()); err == nil {
		t.Error("the second one is kept")
	}
	if err := second.discard(); err != nil || names(t, parent) != "all" {
		t.Errorf("%v: %s", err, names(t, parent))
	}
}

func TestWhatAKilledExportHasLeftIsRemoved(t *testing.T) {
	parent := t.TempDir()
	name := filepath.Join(parent, "all")
	running, killed := made(t, name), made(t, name)
	other := made(t, name+"2")
	if err := errors.Join(killed.lock.Close(), other.lock.Close()); err != nil { // as the kernel does
		t.Fatal(err)
	}

	next := made(t, name)
	for path, want := range map[string]bool{running.path: true, killed.path: false, next.path: true, other.path: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %t", path, err, want)
		}
	}
}

func TestNothingIsLeftWhenTheDiskIsFull(t *testing.T) {
	parent := t.TempDir()
	d := made(t, filepath.Join(parent, "all"))
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	file := d.files["Patient"]
	file.out.Reset(full)
	if err := d.write(patient); err != nil { // to the buffer
		t.Fatal(err)
	}

	if err := d.keep(time.Now()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v", err)
	}
	if err := d.discard(); err != nil || names(t, parent) != "" {
		t.Errorf("%v: there is %s", err, names(t, parent))
	}
}
