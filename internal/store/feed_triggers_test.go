// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/testdb"
)

// resourceTables are the records' tables by what they hold, that which is referred to first.
var resourceTables = [][2]string{{"person", "people"}, {"page", "pols"}, {"document", "personal_docs"}, {"unit", "dus"}, {"institution", "institutions"}}

// changeLog lists every change: id, version, operation, person, and the record before.
const changeLog = `SELECT COALESCE(string_agg(concat_ws(' ', id, version, operation, person, before), E'\n' ORDER BY id, version, part), '')
	FROM thalamus_changes WHERE resource = $1`

func TestEveryWayToWriteLeavesItsChanges(t *testing.T) {
	t.Parallel()
	for _, r := range resourceTables {
		t.Run(r[0], func(t *testing.T) {
			t.Parallel()
			db := testdb.New(t)
			for _, sql := range []string{
				`INSERT INTO %s (id, data) VALUES ('x', '{"a": 1}')`,
				`UPDATE %s SET data = '{"a": 2}'`,
				`UPDATE %s SET data = data, version = 99 WHERE data = '{"b": 3}'`,
				`UPDATE %s SET data = '{"a": 2}'`,
				`DELETE FROM %s`,
				`INSERT INTO %s (id, data) VALUES ('x', '{}')`,
				`UPDATE %s SET id = 'y'`,
				`UPDATE %s SET id = 'x', data = '{"b": 1}'`,
				`INSERT INTO %s (id) VALUES ('x') ON CONFLICT DO NOTHING`,
				`INSERT INTO %[1]s AS old (id, data) VALUES ('x', '{"c": 1}') ON CONFLICT (id) DO UPDATE SET data = old.data || EXCLUDED.data`,
				`INSERT INTO %s (id, data) VALUES ('m1', '1'), ('m2', NULL), ('m3', '[1]'), ('m4', 'null')`,
				`UPDATE %s SET data = '{"u": 1}' WHERE id LIKE 'm%%'`,
				`UPDATE %s SET data = NULL WHERE id = 'm4'`,
				`UPDATE %s SET data = NULL WHERE id = 'm4'`,
				`INSERT INTO %s (id, data, version) VALUES ('v', '{}', 9)`,
				`BEGIN; INSERT INTO %s (id) VALUES ('z'); SAVEPOINT s; DELETE FROM %[1]s; ROLLBACK TO s; COMMIT`,
			} {
				db.Exec(fmt.Sprintf(sql, r[1]))
			}
			if _, err := testdb.Connect(t, db.URL).CopyFrom(t.Context(), pgx.Identifier{r[1]}, []string{"id", "data"}, pgx.CopyFromRows([][]any{{"c", `{}`}})); err != nil {
				t.Fatal(err)
			}
			db.Exec(`TRUNCATE ` + r[1] + ` CASCADE`)
			wantText(t, db.Text(changeLog, r[0]), nil, loggedChanges(r[0]))
			wantText(t, db.Text(inverted), nil, "")
		})
	}
}

// inverted lists changes that come before an earlier version of theirs.
const inverted = `SELECT COALESCE(string_agg(concat_ws(' ', resource, id, version), ', '), '') FROM (
	SELECT *, lag(version) OVER (PARTITION BY resource, id ORDER BY seq) AS last FROM thalamus_changes WHERE part = 0) AS c
	WHERE version <> COALESCE(last, 0) + 1`

// loggedChanges is the log that the statements must leave. Only of an object is it
// known where a person's password is, so that nothing else of one is kept.
func loggedChanges(resource string) string {
	lines := []string{
		`c 1 create`, `c 2 delete {}`,
		`m1 1 create`, `m1 2 update 1`, `m1 3 delete {"u": 1}`,
		`m2 1 create`, `m2 2 update`, `m2 3 delete {"u": 1}`,
		`m3 1 create`, `m3 2 update [1]`, `m3 3 delete {"u": 1}`,
		`m4 1 create`, `m4 2 update null`, `m4 3 update {"u": 1}`, `m4 4 delete`,
		`v 1 create`, `v 2 delete {}`,
		`x 1 create`, `x 2 update {"a": 1}`, `x 3 delete {"a": 2}`, `x 4 create`, `x 5 delete {}`, `x 6 create`,
		`x 7 update {"b": 1}`, `x 8 delete {"b": 1, "c": 1}`,
		`y 1 create`, `y 2 delete {}`,
		`z 1 create`, `z 2 delete`,
	}
	for i, line := range lines {
		if resource == "person" {
			fields := strings.SplitN(line, " ", 4)
			if len(fields) == 4 && !strings.HasPrefix(fields[3], "{") {
				fields = fields[:3]
			}
			fields = append(fields[:3:3], append([]string{fields[0]}, fields[3:]...)...)
			lines[i] = strings.Join(fields, " ")
		}
	}
	return strings.Join(lines, "\n")
}

func TestARecordOfAnotherPersonHasGoneThereAndComeHere(t *testing.T) {
	t.Parallel()
	for _, r := range [][3]string{{"page", "pols", "book"}, {"document", "personal_docs", "fedacct"}} {
		db := newBook(t)
		for _, sql := range []string{
			`INSERT INTO %s (id, data, %s) VALUES ('r', '{}', 'A')`,
			`UPDATE %s SET %s = 'B', data = '{"b": 1}' WHERE id = 'r'`,
			`UPDATE %s SET %s = NULL WHERE id = 'r'`,
			`UPDATE %s SET data = '{}', %s = NULL WHERE id = 'r'`,
		} {
			db.Exec(fmt.Sprintf(sql, r[1], r[2]))
		}
		wantText(t, db.Text(`SELECT string_agg(concat_ws(' ', version, operation, COALESCE(person, '-'), before), E'\n' ORDER BY seq)
			FROM thalamus_changes WHERE id = 'r' AND resource = $1`, r[0]), nil,
			"1 create A\n2 delete A {}\n3 create B\n4 delete B {\"b\": 1}\n5 create -\n6 update - {\"b\": 1}")
	}
}

func TestADocumentsBytesAreKeptIfTheyGo(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, sql := range []string{
		`INSERT INTO personal_docs (id, document) VALUES ('d', '\x01')`,
		`UPDATE personal_docs SET data = '{}'`,
		`UPDATE personal_docs SET document = '\x02'`,
		`UPDATE personal_docs SET document = '\x02'`,
		`DELETE FROM personal_docs`,
	} {
		db.Exec(sql)
	}
	wantText(t, db.Text(`SELECT string_agg(concat_ws(' ', version, document), ', ' ORDER BY version) FROM thalamus_changes`), nil,
		`1, 2, 3 \x01, 4 \x02`)
}

func TestNoPasswordIsInAnyChange(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, sql := range []string{
		`INSERT INTO people (id, data) VALUES ('A', '{"id": "A", "password": "planted1"}'), ('B', '{"password": {"deep": "planted2"}}'), ('C', '["planted3"]'), ('D', '"planted4"')`,
		`UPDATE people SET data = data || '{"password": "planted5"}' WHERE id IN ('A', 'B')`,
		`UPDATE people SET data = data || '{"password": "planted6", "name": "Ana"}' WHERE id = 'A'`,
		`SELECT set_config('thalamus.upgrade', 'on', false); UPDATE people SET data = data || '{"password": "planted7"}' WHERE id = 'A'`,
		`UPDATE people SET data = data - 'password' WHERE id = 'B'`,
		`UPDATE people SET data = '{"password": "planted8"}' WHERE id IN ('C', 'D')`,
		`UPDATE people SET data = '"planted9"' WHERE id = 'C'`,
		`UPDATE people SET id = 'E' WHERE id = 'A'`,
		`DELETE FROM people WHERE id = 'D'`,
		`TRUNCATE people CASCADE`,
	} {
		db.Exec(sql)
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_changes AS c WHERE c::text LIKE '%planted%'`), nil, "0")
	wantText(t, db.Text(`SELECT string_agg(concat_ws(' ', id, version, part, operation), ', ' ORDER BY seq) FROM thalamus_changes
		WHERE id IN ('A', 'B') AND operation <> 'delete'`), nil,
		"A 1 0 create, B 1 0 create, A 1 1 password, B 1 1 password, A 2 0 update, A 2 1 password, A 2 2 upgrade, B 1 2 password")
	wantText(t, feedLog(t, db.URL, 0), nil, "A1 B1 C1 D1 A2 C2 D2 C3 A3 E1 D3 "+db.Text(
		`SELECT string_agg(id || version, ' ' ORDER BY seq) FROM thalamus_changes WHERE id IN ('B', 'C', 'E') AND operation = 'delete'`))
}

// A user who may write to the tables needs no right besides, and gets none.
func TestAWriterOfTheTablesNeedsNoRightToTheHistory(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	url := db.As("tables_only")
	for _, r := range resourceTables {
		db.Exec(`GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ` + r[1] + ` TO tables_only`)
		for _, sql := range []string{
			`INSERT INTO %s (id, data) VALUES ('a', '{}'), ('b', '{}')`, `UPDATE %s SET data = '{"n": 1}'`, `UPDATE %s SET id = 'c' WHERE id = 'b'`,
			`DELETE FROM %s WHERE id = 'a'`, `INSERT INTO %s (id, version) VALUES ('a', 4)`, `INSERT INTO %s (id) VALUES ('b')`,
		} {
			testdb.Exec(t, url, fmt.Sprintf(sql, r[1]))
		}
		wantText(t, db.Text(`SELECT string_agg(concat(id, version), ' ' ORDER BY id, version) FROM thalamus_changes WHERE resource = $1 AND part = 0`, r[0]), nil,
			"a1 a2 a3 a4 b1 b2 b3 b4 c1")
	}
	testdb.Exec(t, url, `TRUNCATE people, pols, personal_docs`)
	wantText(t, db.Text(`SELECT string_agg(DISTINCT db_user, ' ') FROM thalamus_changes`), nil, "tables_only")
	for _, sql := range []string{`SELECT FROM thalamus_changes`, `DELETE FROM thalamus_changes`, `UPDATE thalamus_feed_state SET high = 0`, `SELECT thalamus_cut(now())`} {
		_, err := testdb.Connect(t, url).Exec(t.Context(), sql)
		if pg := new(pgconn.PgError); !errors.As(err, &pg) || pg.Code != "42501" {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestUpdatesOfOneRecordAtOnceAllRaiseItsVersion(t *testing.T) {
	t.Parallel()
	const writers, each = 6, 15
	db := testdb.New(t)
	db.Exec(`INSERT INTO dus VALUES ('a', '{"n": 0}')`)
	err := errors.Join(atOnce(writers, func(int) (err error) {
		conn, err := pgx.Connect(t.Context(), db.URL)
		if err != nil {
			return err
		}
		defer conn.Close(t.Context())
		for range each {
			if _, err := conn.Exec(t.Context(), `UPDATE dus SET data = jsonb_build_object('n', (data -> 'n')::int + 1)`); err != nil {
				return err
			}
		}
		return nil
	})...)
	wantText(t, db.Text(`SELECT version || ' ' || (data ->> 'n') FROM dus`), err, fmt.Sprintf("%d %d", writers*each+1, writers*each))
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_changes WHERE version = 1 OR (before -> 'n')::int = version - 2`), nil, fmt.Sprint(writers*each+1))
	wantText(t, db.Text(inverted), nil, "")
}

// Somebody may have set a version without the triggers, which no change has.
func TestAPasswordIsChangedWhateverTheVersionIs(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`SET session_replication_role = replica; UPDATE people SET version = 7 WHERE id = 'A'`)
	db.Exec(`UPDATE people SET data = data || '{"password": "x"}' WHERE id = 'A'`)
	wantText(t, db.Text(`SELECT version || ' ' || part FROM thalamus_changes WHERE operation = 'password'`), nil, "7 1")
}

// Another trigger of the hospital's may have the last word on what is written.
func TestAnotherTriggersChangeIsAChange(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
		$$BEGIN NEW.data := NEW.data || jsonb_build_object('touched', (SELECT count(*) FROM thalamus_changes)); RETURN NEW; END$$`)
	db.Exec(`CREATE TRIGGER update_time BEFORE UPDATE ON dus FOR EACH ROW EXECUTE FUNCTION touch()`)
	db.Exec(`INSERT INTO dus VALUES ('a', '{}')`)
	db.Exec(`UPDATE dus SET data = data`)
	wantText(t, db.Text(changeLog, "unit"), nil, "a 1 create\na 2 update {}")
}

// A transaction with an old snapshot does not see all that it would empty.
func TestTruncatingWithAnOldSnapshotIsRefused(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	conn := testdb.Connect(t, db.URL)
	if _, err := conn.Exec(t.Context(), `BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM dus`); err != nil {
		t.Fatal(err)
	}
	db.Exec(`INSERT INTO dus VALUES ('unseen')`)
	if _, err := conn.Exec(t.Context(), `TRUNCATE dus; COMMIT`); err == nil {
		t.Error("it was not")
	}
}
