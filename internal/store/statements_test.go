// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testdb"
)

var update = flag.Bool("update", false, "write testdata/statements.sql anew")

const statementsFile = "testdata/statements.sql"

const statementsHead = `-- The statements of the store, each where it is sent first. "reads all of" names the tables that
-- are read from one end to the other, on purpose.
-- After a change on purpose: go test ./internal/store -run TestStatements -update
`

// largeTables are those that grow with the federation.
const largeTables = "people pols personal_docs dus institutions thalamus_changes thalamus_feed thalamus_links thalamus_name_words thalamus_access_202605"

// large is a federation with enough of everything that it matters to a plan.
var large = testdb.Filled{Name: "large", Fill: func(db *testdb.DB) {
	db.Exec(`INSERT INTO people (id, data) SELECT 'P' || n, jsonb_build_object('id', 'P' || n, 'name', 'Ana' || n % 100, 'lastname', 'Betz' || n,
		'dob', '1990-01-' || lpad((n % 28 + 1)::text, 2, '0')) FROM generate_series(1, 2000) AS n`)
	db.Exec(`INSERT INTO pols (id, book, data) SELECT 'L' || n, 'P' || n % 500 + 1, jsonb_build_object('id', 'L' || n) FROM generate_series(1, 2000) AS n`)
	db.Exec(`INSERT INTO personal_docs (id, pol, fedacct, document, data)
		SELECT 'D' || n, 'L' || n, 'P' || n % 500 + 1, 'x', jsonb_build_object('id', 'D' || n) FROM generate_series(1, 2000) AS n`)
	db.Exec(`INSERT INTO dus (id, data) SELECT 'U' || n, jsonb_build_object('id', 'U' || n) FROM generate_series(1, 2000) AS n`)
	db.Exec(`INSERT INTO institutions (id, data) SELECT 'I' || n, jsonb_build_object('id', 'I' || n) FROM generate_series(1, 2000) AS n`)
	db.Exec(`INSERT INTO thalamus_links (person, other, same) SELECT 'P' || n, 'P' || n || 'x', false FROM generate_series(1, 2000) AS n`)
	db.Exec(`SELECT thalamus_access_copy('f', 0, 1, false, jsonb_agg(jsonb_build_object('time', timestamptz '2026-05-31 00:00Z' + n * interval '1 s',
		'account', 'P' || n, 'roles', '[]'::jsonb, 'method', 'GET', 'endpoint', 'person', 'person', 'P' || n % 500 + 1,
		'persons', jsonb_build_array('P' || n), 'everybody', n % 100 = 0, 'status', 200))) FROM generate_series(1, 2000) AS n`)
	db.Exec(`SELECT thalamus_publish() FROM generate_series(1, 5)`)
	db.Exec(`SELECT thalamus_learn() FROM generate_series(1, 10)`)
	db.Exec(`ANALYZE`)
}}

// The golden file is what a reviewer reads of a change of SQL.
func TestStatementsReadNoLargeTableFromOneEndToTheOther(t *testing.T) {
	t.Parallel()
	db, seen := large.New(t), &recorder{}
	must(t, db.Observe(seen))
	known := map[string]bool{}
	got := statementsHead
	for _, step := range steps() {
		must(t, step.do(t.Context(), db))
		statements := seen.take()
		got += "\n-- " + step.name + "\n" + step.head() + texts(statements, known)
		if diff := cmp.Diff(strings.Fields(step.whole), largeOf(whole(t, db, statements))); diff != "" {
			t.Errorf("%s reads other tables from one end to the other:\n%s", step.name, diff)
		}
	}
	wantStatements(t, got)
}

func wantStatements(t *testing.T, got string) {
	t.Helper()
	if *update {
		must(t, os.WriteFile(statementsFile, []byte(got), 0o600))
	}
	want, err := os.ReadFile(statementsFile)
	must(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the statements have changed; %s says what to do if that is meant:\n%s", statementsFile, diff)
	}
}

// largeOf leaves out the tables that stay small.
func largeOf(tables []string) []string {
	all := strings.Fields(largeTables)
	return slices.DeleteFunc(append([]string{}, tables...), func(table string) bool { return !slices.Contains(all, table) })
}

// texts writes the statements that are not known yet, in an order of their own: some are
// sent at once.
func texts(statements []sent, known map[string]bool) string {
	var fresh []string
	for _, s := range statements {
		text := strings.TrimSpace(s.text)
		if s.explainable() && !known[text] {
			fresh = append(fresh, text+";\n")
		}
		known[text] = true
	}
	slices.Sort(fresh)
	return strings.Join(fresh, "")
}

// step is something that the store is asked for.
type step struct {
	name  string
	whole string // large tables that it reads from one end to the other, on purpose
	do    func(ctx context.Context, db *testdb.DB) error
}

func (s step) head() string {
	if s.whole == "" {
		return ""
	}
	return "-- reads all of " + strings.ReplaceAll(s.whole, " ", ", ") + "\n"
}

func steps() []step {
	return slices.Concat(personSteps, pageSteps, revisionSteps, bookSteps, documentSteps,
		registrySteps("unit"), registrySteps("institution"),
		linkSteps, queueSteps, searchSteps,
		pastSteps("person", "P1", "P1"), pastSteps("page", "L1", "P2"), pastSteps("unit", "U1", ""), pastSteps("institution", "I1", ""),
		differenceSteps, sessionSteps, accessSteps, feedSteps(), followerSteps, wholeSteps)
}
