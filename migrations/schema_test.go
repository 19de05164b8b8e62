// SPDX-License-Identifier: GPL-3.0-or-later

package migrations_test

import (
	"flag"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testdb"
)

var update = flag.Bool("update", false, "write testdata/schema.sql anew")

func TestMain(m *testing.M) { testdb.Main(m) }

// The golden file is what a reviewer reads of a migration: all that it has made of the database.
func TestTheSchemaAfterAllMigrations(t *testing.T) {
	t.Parallel()
	const golden = "testdata/schema.sql"
	got := schema(t, testdb.New(t))
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the schema has changed; if that is meant, run go test ./migrations -update and read the diff:\n%s", diff)
	}
}

// schema is what pg_dump of the server's own version says of a database.
func schema(t *testing.T, db *testdb.DB) string {
	t.Helper()
	dump := exec.CommandContext(t.Context(), testdb.Program(t, db.URL, "pg_dump"), "--schema-only", "--schema="+testdb.Schema, "--no-owner", "--no-tablespaces", db.URL)
	dump.Stderr = os.Stderr
	text, err := dump.Output()
	if err != nil {
		t.Fatal(err)
	}
	return withoutNoise(strings.ReplaceAll(string(text), testdb.Schema+".", "public."))
}

// noise begins the lines that say nothing of the schema, or differ between versions of
// PostgreSQL. Within functions lines are indented.
var noise = []string{"--", "SET ", "SELECT pg_catalog.set_config", `\restrict`, `\unrestrict`}

func withoutNoise(dump string) string {
	var kept []string
	for _, line := range strings.Split(dump, "\n") {
		switch {
		case isNoise(line):
		case line == "" && (len(kept) == 0 || kept[len(kept)-1] == ""):
		default:
			kept = append(kept, line)
		}
	}
	return strings.TrimRight(strings.Join(kept, "\n"), "\n") + "\n"
}

// isNoise is true of the schema itself, too: initdb makes it, and each version
// grants another right on it.
func isNoise(line string) bool {
	begins := func(with string) bool { return strings.HasPrefix(line, with) }
	return slices.ContainsFunc(noise, begins) || strings.Contains(line, " SCHEMA "+testdb.Schema)
}
