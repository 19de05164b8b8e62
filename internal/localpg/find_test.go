// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// install writes programs that say a version.
func install(t *testing.T, bin, version string) {
	t.Helper()
	for _, name := range []string{"postgres", "initdb", "pg_ctl"} {
		script(t, bin, name, "echo '"+name+" (PostgreSQL) "+version+" (Debian)'")
	}
}

func script(t *testing.T, bin, name, line string) {
	t.Helper()
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	writeProgram(t, filepath.Join(bin, name), []byte("#!/bin/sh\n"+line+"\n"))
}

// The machine has PostgreSQL 9.6 to 16: pg_config knows 14, 13 and 15 are in versioned
// directories, 16 is in the path by a link.
func TestTheFirstFittingPostgreSQLIsFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	install(t, at("fourteen"), "14.2")
	script(t, at("path"), "pg_config", "echo "+at("fourteen"))
	for v, full := range map[string]string{"9.6": "9.6.24", "13": "13.11", "15": "15.4"} {
		t.Run(v, func(t *testing.T) {
			install(t, at("trees", v, "bin"), full)
		})
	}
	install(t, at("sixteen"), "16beta1")
	if err := os.Symlink(at("sixteen", "postgres"), at("path", "postgres")); err != nil {
		t.Fatal(err)
	}
	trees := at("trees", "*", "bin")
	tests := []struct {
		search search
		major  int
		want   string
		fault  string
	}{
		{search{at("path"), trees}, 0, at("fourteen"), ""},
		{search{at("path"), trees}, 14, at("fourteen"), ""},
		{search{at("path"), trees}, 15, at("trees", "15", "bin"), ""},
		{search{at("path"), trees}, 16, at("sixteen"), ""},
		{search{"", trees}, 0, at("trees", "15", "bin"), ""},
		{search{at("nowhere"), trees}, 0, at("trees", "15", "bin"), ""},
		{search{"", trees}, 16, "", "made by PostgreSQL 16"},
		{search{"", at("trees", "[^1]*", "bin")}, 0, "", "9 in " + at("trees", "9.6", "bin")},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%+v %d", tt.search, tt.major), func(t *testing.T) {
			got, err := tt.search.find(t.Context(), tt.major)
			if got != tt.want {
				t.Errorf("got %q (%v), want %q", got, err, tt.want)
			}
			if tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestVersionsAreOrderedAsNumbers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, v := range []string{"9.6", "15", "100", "14", "x"} {
		if err := os.MkdirAll(filepath.Join(dir, v, "bin"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, d := range (search{versions: filepath.Join(dir, "*", "bin")}).inVersions() {
		got = append(got, filepath.Base(filepath.Dir(d)))
	}
	if diff := cmp.Diff([]string{"100", "15", "14", "9.6", "x"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutPostgreSQLTheErrorTellsHowToInstallIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script(t, filepath.Join(dir, "dev"), "pg_config", "echo "+dir) // a library without a server
	install(t, filepath.Join(dir, "trees", "13", "bin"), "13.9")
	for _, s := range []search{
		{},
		{path: filepath.Join(dir, "dev")},
		{versions: filepath.Join(dir, "trees", "*", "bin")},
	} {
		_, err := s.find(t.Context(), 0)
		if !errors.Is(err, ErrNoPostgres) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: got %v", s, err)
		}
	}
}
