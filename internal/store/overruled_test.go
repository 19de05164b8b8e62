// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"thalamus/internal/testdb"
)

// kept lists versions and creations as they are.
const kept = `SELECT string_agg(concat_ws(' ', id, version, creation), ', ' ORDER BY id) FROM %s`

// Triggers alone change them, whoever writes: else a record would change without a trace.
func TestAVersionOrCreationThatIsWrittenByHandIsOverruled(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, table := range []string{"people", "pols", "dus", "institutions"} {
		for _, step := range []struct{ sql, want string }{
			{`INSERT INTO %s (id, data, version, creation) VALUES ('x', '{"n": 1}', 7, '{"forged": 1}')`, `x 1`},
			{`UPDATE %s SET version = 9, creation = '{"forged": 1}'`, `x 1`},
			{`UPDATE %s SET version = NULL`, `x 1`},
			{`UPDATE %s SET data = '{"n": 2}', version = 9, creation = '{"forged": 1}'`, `x 2 {"n": 1}`},
			{`UPDATE %s SET version = 1, creation = NULL`, `x 2 {"n": 1}`},
			{`UPDATE %s SET data = '{"n": 3}', creation = NULL`, `x 3 {"n": 1}`},
			{`UPDATE %s SET id = 'y', version = 9, creation = '{"forged": 1}'`, `y 1 {"n": 1}`},
			{`INSERT INTO %s (id, data, version) VALUES ('x', '{"n": 4}', 9)`, `x 5, y 1 {"n": 1}`},
			{`DELETE FROM %s; INSERT INTO %[1]s (id, data, creation) VALUES ('x', '{"n": 5}', '{"forged": 1}')`, `x 7`},
			{`DELETE FROM %s; INSERT INTO %[1]s (id, data, version, creation) VALUES ('x', '{"n": 5}', 8, '{"forged": 1}')`, `x 9`},
		} {
			t.Run(step.sql, func(t *testing.T) {
				db.Exec(fmt.Sprintf(step.sql, table))
				wantText(t, db.Text(fmt.Sprintf(kept, table)), nil, step.want)
			})
		}
	}
	wantText(t, db.Text(inverted), nil, "")
}

func TestADocumentsVersionThatIsWrittenByHandIsOverruled(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, step := range []struct{ sql, want string }{
		{`INSERT INTO personal_docs (id, data, version) VALUES ('x', '{}', 7)`, "1"},
		{`UPDATE personal_docs SET version = 9`, "1"},
		{`UPDATE personal_docs SET version = 9, document = 'x'`, "2"},
		{`UPDATE personal_docs SET version = 1`, "2"},
	} {
		t.Run(step.sql, func(t *testing.T) {
			db.Exec(step.sql)
			wantText(t, db.Text(`SELECT version::text FROM personal_docs`), nil, step.want)
		})
	}
}

// A change of the password, or of what follows from links, is no reason to believe it.
func TestAVersionByHandIsOverruledBesideAChangeThatRaisesNone(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"password": "h"}')`)
	db.Exec(`UPDATE people SET data = '{"password": "i"}', linked = 'A', version = 5, creation = '{"forged": 1}'`)
	wantText(t, db.Text(`SELECT concat_ws(' ', version, creation, data ->> 'password', linked) FROM people`), nil, "1 i A")
}

// A dump brings both with it, and so does a superuser's copy without triggers.
func TestADumpBringsVersionsAndCreations(t *testing.T) {
	t.Parallel()
	db := full(t)
	db.Exec(`UPDATE pols SET data = data || '{"changed": 1}'`)
	db.Exec(`UPDATE pols SET data = data || '{"changed": 2}'`)
	dump, want := filepath.Join(t.TempDir(), "dump"), db.Text(fmt.Sprintf(kept, "pols"))
	program(t, db.URL, "pg_dump", "--format=custom", "--file="+dump, "--dbname="+db.URL)
	whole, data := testdb.Empty(t), testdb.New(t)
	program(t, db.URL, "pg_restore", "--exit-on-error", "--clean", "--if-exists", "--dbname="+whole, dump)
	program(t, db.URL, "pg_restore", "--data-only", "--disable-triggers", "--table=people", "--table=pols", "--dbname="+data.URL, dump)
	for how, url := range map[string]string{"whole": whole, "data only": data.URL} {
		t.Run(how, func(t *testing.T) {
			if got := testdb.Text(t, url, fmt.Sprintf(kept, "pols")); got != want || !strings.HasPrefix(got, "1 3 {") {
				t.Errorf("%s: got %s, want %s", how, got, want)
			}
		})
	}
	testdb.Exec(t, whole, `UPDATE pols SET version = 9, creation = NULL`)
	wantText(t, testdb.Text(t, whole, fmt.Sprintf(kept, "pols")), nil, want)
}

// Replication brings copies of rows that triggers have changed elsewhere; servers hear of
// its accounts all the same.
func TestReplicationBringsVersionsAndTellsOfAccounts(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"password": "h"}'), ('B', '{"password": "h"}'), ('C', '{"password": "h"}')`)
	e, _ := listen(t, db)
	for _, c := range []struct{ sql, told string }{
		{`UPDATE people SET data = '{"password": "i"}', version = 8, creation = '{"n": 1}' WHERE id = 'A'`, "A"},
		{`UPDATE people SET data = data || '{"active": false}' WHERE id = 'A'`, "A"},
		{`UPDATE people SET id = 'Z' WHERE id = 'B'`, "B"},
		{`DELETE FROM people WHERE id = 'C'`, "C"},
		{`TRUNCATE people CASCADE`, ""},
	} {
		t.Run(c.sql, func(t *testing.T) {
			db.Exec(`SET session_replication_role = replica; ` + c.sql)
			if told := soon(t, e.changed); told != c.told {
				t.Errorf("%s told of %q, want %q", c.sql, told, c.told)
			}
			if c.told == "A" {
				wantText(t, db.Text(`SELECT concat_ws(' ', version, creation) FROM people WHERE id = 'A'`), nil, `8 {"n": 1}`)
			}
		})
	}
}

func TestAnAccountWithAnotherIDIsToldByItsFormerOne(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"password": "h"}')`)
	e, _ := listen(t, db)
	db.Exec(`UPDATE people SET id = 'B'`)
	if told := soon(t, e.changed); told != "A" {
		t.Errorf("told of %q", told)
	}
}

// program runs one of PostgreSQL's own that belongs to the server at url.
func program(t *testing.T, url, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), testdb.Program(t, url, name), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
}
