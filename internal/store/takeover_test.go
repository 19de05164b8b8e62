// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

// pythonTables is how the Python server's database is set up.
const pythonTables = `
CREATE TABLE people (id varchar PRIMARY KEY, data jsonb);
CREATE TABLE pols (id varchar PRIMARY KEY, book varchar REFERENCES people (id), data jsonb);
CREATE TABLE personal_docs (id varchar PRIMARY KEY, fedacct varchar REFERENCES people (id),
	pol varchar REFERENCES pols (id), document bytea, data jsonb);
CREATE TABLE dus (id varchar PRIMARY KEY, data jsonb);
CREATE TABLE institutions (id varchar PRIMARY KEY, data jsonb);`

const pythonRows = `
INSERT INTO people VALUES ('ESPGNU777ORG', '{"id": "ESPGNU777ORG", "roles": "root", "weight": 1.50, "n": 12345678901234567890123}'),
	('odd id/ñ', NULL), ('NULL', 'null'), ('LIST', '[1, {"a": 1}]'), ('TEXT', '"x"');
INSERT INTO pols VALUES ('p1', 'ESPGNU777ORG', '{"measurements": "{''bp'': 1}"}'), ('p2', NULL, NULL);
INSERT INTO personal_docs VALUES ('d1', 'ESPGNU777ORG', 'p1', '\x00ff', '{"a": null}'), ('d2', NULL, NULL, NULL, NULL);
INSERT INTO dus VALUES ('u1', '{"unit": 1e2}');
INSERT INTO institutions VALUES ('i1', '{"": []}');`

// pythonContent is everything that the Python server stored, byte for byte.
const pythonContent = `SELECT string_agg(row, E'\n' ORDER BY row) FROM (
	SELECT concat_ws('|', 'people', id, COALESCE(data::text, 'NULL')) FROM people
	UNION ALL SELECT concat_ws('|', 'pols', id, COALESCE(book, 'NULL'), COALESCE(data::text, 'NULL')) FROM pols
	UNION ALL SELECT concat_ws('|', 'docs', id, COALESCE(fedacct, 'NULL'), COALESCE(pol, 'NULL'),
		COALESCE(document::text, 'NULL'), COALESCE(data::text, 'NULL')) FROM personal_docs
	UNION ALL SELECT concat_ws('|', 'dus', id, data::text) FROM dus
	UNION ALL SELECT concat_ws('|', 'institutions', id, data::text) FROM institutions) AS all_rows (row)`

// pythonDatabase is a database that the Python server has used.
func pythonDatabase(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.At(t, testdb.Empty(t))
	db.Exec(pythonTables)
	db.Exec(pythonRows)
	return db
}

func TestTakingOverThePythonServersDatabaseChangesNoRow(t *testing.T) {
	t.Parallel()
	db := pythonDatabase(t)
	before := db.Text(pythonContent)
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
	wantText(t, db.Text(pythonContent), nil, before)
}

// Without statistics of the words, every name would be taken for a rare one.
func TestColumnsOfAMigrationHaveStatistics(t *testing.T) {
	t.Parallel()
	db := pythonDatabase(t)
	db.Exec(`INSERT INTO people (id, data) SELECT n, jsonb_build_object('name', 'Ana', 'dob', '1990-10-04') FROM generate_series(1, 100) AS n; ANALYZE people`)
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantText(t, db.Text(`SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_stats
		WHERE tablename = 'people' AND attname IN ('words', 'birth') AND schemaname = current_schema()`), nil, "birth words")
}

// A site can go back: the Python server names the columns that it knows.
func TestThePythonServerStillRunsOnAMigratedDatabase(t *testing.T) {
	t.Parallel()
	db := pythonDatabase(t)
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO people (id, data) VALUES ('NEW', '{"id": "NEW", "roles": ["end_user"]}')`,
		`UPDATE people SET data = data || '{"name": "Ana"}' WHERE id = 'NEW'`,
		`INSERT INTO pols (id, book, data) VALUES ('p3', 'NEW', '{"id": "p3"}')`,
		`UPDATE pols SET data = data || '{"info": 1}' WHERE id = 'p3'`,
		`INSERT INTO personal_docs (id, fedacct, pol, document, data) VALUES ('d3', 'NEW', 'p3', '\x00', '{}')`,
		`INSERT INTO dus (id, data) VALUES ('u2', '{}')`,
		`INSERT INTO institutions (id, data) VALUES ('i2', '{}')`,
	} {
		db.Exec(statement)
	}
	record, err := db.For(fed.Operator).Person(t.Context(), "NEW")
	wantRecord(t, record, err, `{"id": "NEW", "name": "Ana", "roles": ["end_user"]}`)
	record, err = db.For(fed.Operator).Page(t.Context(), "NEW", "p3")
	wantRecord(t, record, err, `{"id": "p3", "info": 1}`)
	db.Exec(`DELETE FROM personal_docs WHERE fedacct = 'NEW'`)
	db.Exec(`DELETE FROM pols WHERE book = 'NEW'`)
	db.Exec(`DELETE FROM people WHERE id = 'NEW'`)
}

// Triggers work for a writer who may do nothing but write to the table.
func TestAChangeByAnotherDatabaseUserKeepsTheCreation(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	other := testdb.At(t, db.As("python"))
	for _, table := range []string{"people", "pols"} {
		db.Exec(`GRANT SELECT (id, data), UPDATE (data) ON ` + table + ` TO python`)
		other.Exec(`UPDATE ` + table + ` SET data = data || '{"info": 1}'`)
		other.Exec(`UPDATE ` + table + ` SET data = data || '{"info": 2}'`)
	}
	wantText(t, db.Text(`SELECT creation::text FROM people WHERE id = 'A'`), nil, personA)
	if _, created, err := db.CreatePage(t.Context(), nobody, "A", "1", []byte(pageOne)); created || err != nil {
		t.Errorf("the page sent again gave created %v, error %v", created, err)
	}
}
