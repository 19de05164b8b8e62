// SPDX-License-Identifier: GPL-3.0-or-later

package localpg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ErrNoPostgres is returned when the machine has no PostgreSQL server that
// this package can use.
var ErrNoPostgres = errors.New("no PostgreSQL 14 or newer found: install it with" +
	" apt-get install postgresql (Debian, Ubuntu) or dnf install postgresql-server (Fedora)")

const oldest = 14 // major version

// search is where to look for PostgreSQL.
type search struct {
	path     string // list of directories, as in $PATH
	versions string // pattern of directories <version>/bin
}

func systemSearch() search {
	return search{path: os.Getenv("PATH"), versions: "/usr/lib/postgresql/*/bin"}
}

// find returns the directory of the programs with the major version, or of the
// first that are new enough when major is 0.
func (s search) find(ctx context.Context, major int) (string, error) {
	var others []string
	for _, bin := range s.dirs(ctx) {
		v, err := version(ctx, bin)
		if err != nil {
			continue // often a pg_config that came without a server
		}
		if v >= oldest && (major == 0 || v == major) {
			return bin, nil
		}
		others = append(others, fmt.Sprintf("%d in %s", v, bin))
	}

	err := ctx.Err()
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	return "", missing(major, strings.Join(others, ", "))
}

func missing(major int, others string) error {
	switch {
	case others == "":
		return ErrNoPostgres
	case major == 0:
		return fmt.Errorf("%w (too old: %s)", ErrNoPostgres, others)
	}

	return fmt.Errorf("the data was made by PostgreSQL %d, which is not installed (there is %s):"+
		" install PostgreSQL %d or use another directory", major, others, major)
}

// dirs lists the candidates, the best first, each once.
func (s search) dirs(ctx context.Context) []string {
	var dirs []string
	add := func(dir string) {
		if !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}

	for _, p := range s.inPath("pg_config") {
		out, err := exec.CommandContext(ctx, p, "--bindir").Output()
		if err != nil {
			continue
		}
		add(strings.TrimSpace(string(out)))
	}

	for _, dir := range s.inVersions() {
		add(dir)
	}

	for _, p := range s.inPath("postgres") {
		resolved, err := filepath.EvalSymlinks(p)
		if err != nil {
			continue
		}
		add(filepath.Dir(resolved))
	}
	return dirs
}

// inPath lists the programs of that name in the path's absolute directories.
func (s search) inPath(name string) []string {
	var found []string
	for _, dir := range filepath.SplitList(s.path) {
		p := filepath.Join(dir, name)
		if filepath.IsAbs(p) && isProgram(p) {
			found = append(found, p)
		}
	}
	return found
}

// inVersions lists the versioned directories, the newest first: 15, 14, 9.6.
func (s search) inVersions() []string {
	dirs, _ := filepath.Glob(s.versions) // the only error is a malformed pattern
	number := func(dir string) float64 {
		n, _ := strconv.ParseFloat(filepath.Base(filepath.Dir(dir)), 64) // not a number: last
		return n
	}

	slices.SortStableFunc(dirs, func(a, b string) int { return cmp.Compare(number(b), number(a)) })
	return dirs
}

func isProgram(path string) bool {
	fi, err := os.Stat(path)
	if err != nil {
		return false
	}

	return fi.Mode().IsRegular() && fi.Mode().Perm()&0o111 != 0
}

var versionLine = regexp.MustCompile(`\) (\d+)`)

// version is the major version of the programs; it fails unless all that are
// needed are there.
func version(ctx context.Context, bin string) (int, error) {
	for _, name := range []string{"postgres", "initdb", "pg_ctl"} {
		if !isProgram(filepath.Join(bin, name)) {
			return 0, fmt.Errorf("no %s in %s", name, bin)
		}
	}

	out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return 0, fmt.Errorf("ask for the version: %w", err)
	}

	m := versionLine.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("%s/postgres: unknown version %q", bin, out)
	}
	return strconv.Atoi(string(m[1]))
}
