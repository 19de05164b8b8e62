// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/testdb"
)

// What makes the history true are tables, triggers and functions of the owner. Nobody changes them who has
// the server's password for the database.
func TestAServerThatOwnsNothingChangesNoTableTriggerOrFunction(t *testing.T) {
	t.Parallel()
	_, db := served(t)
	conn := testdb.Connect(t, db.URL)
	for _, statement := range []string{
		`CREATE TABLE public.x ()`, `CREATE SCHEMA x`, `CREATE EXTENSION pg_trgm`, `CREATE VIEW public.x AS SELECT 1`,
		`CREATE FUNCTION public.x() RETURNS int LANGUAGE sql AS 'SELECT 1'`, `CREATE OPERATOR public.=== (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = texteq)`,
		`CREATE OR REPLACE FUNCTION public.thalamus_publish() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'`,
		`ALTER FUNCTION thalamus_publish() RESET ALL`, `ALTER FUNCTION thalamus_publish() SECURITY INVOKER`, `DROP FUNCTION thalamus_publish()`,
		`CREATE TRIGGER x BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
		`CREATE TRIGGER x BEFORE INSERT ON thalamus_changes FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
		`CREATE RULE x AS ON INSERT TO thalamus_changes DO INSTEAD NOTHING`, `CREATE POLICY x ON people`, `CREATE INDEX ON people (id)`,
		`DROP TRIGGER thalamus_created ON people`, `ALTER TABLE people DISABLE TRIGGER thalamus_created`, `ALTER TABLE people DISABLE TRIGGER USER`,
		`ALTER TABLE thalamus_changes ENABLE ROW LEVEL SECURITY`, `ALTER TABLE thalamus_changes ALTER COLUMN account SET DEFAULT 'x'`, `ALTER TABLE people OWNER TO server`,
		`DROP TABLE thalamus_changes`, `DROP OWNED BY owner`, `REASSIGN OWNED BY owner TO server`, `ALTER SEQUENCE thalamus_changes_seq_seq RESTART`,
		`SELECT setval('thalamus_changes_seq_seq', 1)`, `SET ROLE owner`, `SET SESSION AUTHORIZATION owner`, `ALTER ROLE server SUPERUSER`,
		`ALTER SYSTEM SET fsync = off`, `SELECT pg_read_file('PG_VERSION')`, `COPY people TO PROGRAM 'cat'`, `COPY dus FROM '/etc/passwd'`,
		`INSERT INTO thalamus_migrations (number, name, checksum) VALUES (9999, 'x', 'x')`, `DELETE FROM thalamus_migrations`,
	} {
		wantForbidden(t, conn, testdb.InSchema(statement))
	}
}

// Nobody gives what is not his. PostgreSQL says so with a warning.
func TestAServerThatOwnsNothingGrantsItselfNothing(t *testing.T) {
	t.Parallel()
	owner, db := served(t)
	const rights = `SELECT string_agg(relname || ' ' || relacl::text, ', ' ORDER BY relname) FROM pg_class WHERE relacl IS NOT NULL AND relnamespace = current_schema()::regnamespace`
	before := owner.Text(rights)
	db.Exec(`GRANT ALL ON thalamus_changes, thalamus_feed, people TO server`)
	wantText(t, owner.Text(rights), nil, before)
}

// A session's temporary tables come first where a name is not qualified: the owner's functions must
// write to the history all the same, and run no trigger that was planted there.
func TestTemporaryTablesHideNothingFromTheHistory(t *testing.T) {
	t.Parallel()
	owner, db := served(t)
	must(t, createAndPublish(t, db))
	conn := testdb.Connect(t, db.URL)
	_, err := conn.Exec(t.Context(), testdb.InSchema(`DO $$
DECLARE name text;
BEGIN
	FOR name IN SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND has_table_privilege(oid, 'SELECT') LOOP
		EXECUTE format('CREATE TEMPORARY TABLE %I (LIKE public.%1$I)', name);
	END LOOP;
END $$`))
	must(t, err)
	for _, statement := range []string{
		`INSERT INTO public.people (id, data) VALUES ('HID', '{"name": "Ana", "password": "x"}')`, `UPDATE public.people SET data = data || '{"n": 1}' WHERE id = 'HID'`,
		`INSERT INTO public.pols (id, book, data) VALUES ('HID', 'HID', '{}')`, `DELETE FROM public.pols WHERE id = 'HID'`,
		`SELECT public.thalamus_link('A', 'HID', true, 'DR', 'r')`, `SELECT public.thalamus_unlink('A', 'HID')`, `SELECT public.thalamus_publish()`,
		`DELETE FROM public.people WHERE id = 'HID'`,
	} {
		if _, err := conn.Exec(t.Context(), testdb.InSchema(statement)); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	wantText(t, owner.Text(`SELECT string_agg(operation, ' ' ORDER BY seq) FROM thalamus_changes WHERE id = 'HID' AND part = 0`), nil, "create update create delete delete")
	wantText(t, owner.Text(`SELECT count(*)::text FROM thalamus_feed JOIN thalamus_changes USING (seq) WHERE id = 'HID'`), nil, "4")
}
