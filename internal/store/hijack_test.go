// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

// planted are operators that fit the columns better than PostgreSQL's own. A user who runs
// one gives the server's user the history.
var planted = testdb.InSchema(`
CREATE FUNCTION public.rob(a varchar, b varchar) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF current_user <> 'server' THEN
		GRANT ALL ON public.thalamus_changes TO server;
	END IF;
	RETURN a::text OPERATOR(pg_catalog.=) b::text;
END $$;
CREATE FUNCTION public.rob_not(a varchar, b varchar) RETURNS boolean LANGUAGE sql AS 'SELECT NOT public.rob(a, b)';
CREATE FUNCTION public.rob_add(a bigint, b numeric) RETURNS bigint LANGUAGE sql AS $$SELECT (a OPERATOR(pg_catalog.+) b)::bigint FROM public.rob('', '')$$;
CREATE FUNCTION public.length(a varchar) RETURNS int LANGUAGE sql AS $$SELECT pg_catalog.length(a) FROM public.rob('', '')$$;
CREATE FUNCTION public.octet_length(a varchar) RETURNS int LANGUAGE sql AS $$SELECT pg_catalog.octet_length(a) FROM public.rob('', '')$$;
CREATE FUNCTION public.quote_ident(a name) RETURNS text LANGUAGE sql AS $$SELECT pg_catalog.quote_ident(a) FROM public.rob('', '')$$;
CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.rob);
CREATE OPERATOR public.<> (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.rob_not);
CREATE OPERATOR public.+ (LEFTARG = bigint, RIGHTARG = numeric, FUNCTION = public.rob_add);
`)

// The schema is as PostgreSQL 14 and older make it, and its owner is not there to close it.
func openSchema(t *testing.T) (owner, server *testdb.DB) {
	t.Helper()
	super, owner := owned(t)
	super.Exec(`GRANT CREATE ON SCHEMA ` + testdb.Schema + ` TO PUBLIC`)
	if _, err := owner.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	server = testdb.At(t, super.As("server"))
	owner.Exec(grants)
	return owner, server
}

func TestTheServersUserDoesNotBecomeTheOwner(t *testing.T) {
	t.Parallel()
	owner, db := openSchema(t)
	if open, err := db.OpenSchema(t.Context()); open != testdb.Schema || err != nil {
		t.Fatalf("the attack needs an open schema: %q, %v", open, err)
	}
	db.Exec(planted)
	again := fed.Write{Account: "DR", Request: "r2", Recreate: true}
	for _, id := range []string{"A", "N"} {
		_, _, err := db.CreatePerson(t.Context(), doctor, id, fed.Record(`{"password": "weak", "name": "Ana Łucja", "creation_info": {"node": "n"}}`), nothing)
		must(t, err)
	}
	must(t, db.UpgradeHash(t.Context(), "A", "weak", "strong"))
	_, err := db.ChangePerson(t.Context(), doctor, "A", patchOf(`{"n": 1, "modification_info": {"node": "n"}}`))
	must(t, err)
	_, _, err = db.CreatePage(t.Context(), doctor, "A", "1", nothing)
	must(t, err)
	for table, create := range creations(t, db) {
		_, _, err := create(doctor)
		must(t, err)
		for _, sql := range []string{
			`UPDATE ` + table + ` SET data = '{"n": 1}' WHERE id = 'x'`, `UPDATE ` + table + ` SET version = 7 WHERE id = 'x'`,
			`UPDATE ` + table + ` SET id = 'y' WHERE id = 'x'`, `UPDATE ` + table + ` SET id = 'x' WHERE id = 'y'`, `DELETE FROM ` + table + ` WHERE id = 'x'`,
			`INSERT INTO ` + table + ` (id, data, version) VALUES ('x', '{}', 99)`, `DELETE FROM ` + table + ` WHERE id = 'x'`,
		} {
			db.Exec(sql)
		}
		_, _, err = create(again)
		must(t, err)
	}
	db.Exec(`UPDATE pols SET book = 'N' WHERE id = 'x'`)
	learn(t, db)
	db.Exec(`SELECT thalamus_link('A', 'N', true, 'DR', 'r')`)
	db.Exec(`SELECT thalamus_settled('A', 'N')`)
	db.Exec(`SELECT thalamus_unlink('A', 'N')`)
	db.Exec(`SELECT thalamus_link('A', 'N', true, 'DR', 'r')`)
	db.Exec(`DELETE FROM personal_docs; DELETE FROM pols; DELETE FROM people WHERE id = 'N'`)
	wantText(t, owner.Text(`SELECT has_table_privilege('server', 'thalamus_changes', 'DELETE')::text`), nil, "false")
}

// The migration closes what its user may close, and runs nothing that others put there
// before with that user's rights.
func TestMigratingClosesTheSchema(t *testing.T) {
	t.Parallel()
	db := testdb.At(t, testdb.Empty(t))
	db.Exec(pythonTables)
	db.Exec(`GRANT CREATE ON SCHEMA ` + testdb.Schema + ` TO PUBLIC`)
	server := testdb.At(t, db.As("server"))
	server.Exec(planted)
	_, err := db.Migrate(t.Context())
	for _, part := range []string{"DROP OPERATOR " + testdb.Schema + ".=(character varying,character varying)", "DROP ROUTINE " + testdb.Schema + ".length(character varying)"} {
		if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "rob(") {
			t.Errorf("%v does not say %s", err, part)
		}
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM pg_tables WHERE tablename LIKE 'thalamus%'`), nil, "0")
	server.Exec(`DROP OWNED BY server`)
	_, err = db.Migrate(t.Context())
	must(t, err)
	if open, err := db.OpenSchema(t.Context()); open != "" || err != nil {
		t.Errorf("everybody may create: %q, %v", open, err)
	}
	_, err = testdb.Connect(t, server.URL).Exec(t.Context(), planted)
	if pg := new(pgconn.PgError); !errors.As(err, &pg) || pg.Code != "42501" {
		t.Errorf("the server's user can plant operators: %v", err)
	}
}

// A database that is up to date is closed as well; an upgrade of PostgreSQL opens none.
func TestMigratingADatabaseThatIsUpToDateClosesItsSchema(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`GRANT CREATE ON SCHEMA ` + testdb.Schema + ` TO PUBLIC`)
	_, err := db.Migrate(t.Context())
	must(t, err)
	if open, err := db.OpenSchema(t.Context()); open != "" || err != nil {
		t.Errorf("everybody may create: %q, %v", open, err)
	}
}
