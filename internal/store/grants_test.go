// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
	"thalamus/migrations"
)

// grants is all that a server needs which is not the owner of the tables, and cuts no history.
var grants, _, _ = strings.Cut(strings.ReplaceAll(migrations.Grants, "TO thalamus;", "TO server;"), "GRANT EXECUTE ON FUNCTION thalamus_cut")

// served is a migrated database as its owner sees it, and a server without any
// right to change history.
func served(t *testing.T) (owner, server *testdb.DB) {
	t.Helper()
	db, owner := owned(t)
	if _, err := owner.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	db.Exec(`REVOKE CREATE ON SCHEMA ` + testdb.Schema + ` FROM PUBLIC`) // PostgreSQL 14 lets everybody
	server = testdb.At(t, db.As("server"))
	owner.Exec(grants)
	return owner, server
}

func TestAServerThatOwnsNothingDoesEverything(t *testing.T) {
	t.Parallel()
	owner, db := served(t)
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := fed.Write{Account: "DR", Request: "r2", Recreate: true}
	_, _, err := db.CreatePerson(t.Context(), doctor, "A", fed.Record(`{"password": "weak"}`), nothing)
	must(t, err)
	must(t, db.UpgradeHash(t.Context(), "A", "weak", "strong"))
	_, _, err = db.CreatePage(t.Context(), doctor, "A", "1", nothing)
	must(t, err)
	for table, create := range creations(t, db) {
		_, _, err := create(doctor)
		must(t, err)
		owner.Exec(`DELETE FROM ` + table + ` WHERE id = 'x'`)
		_, _, err = create(again)
		must(t, err)
	}
	key := store.DocumentKey{Person: "A", Page: "1", ID: "x"}
	_, err = db.ChangePerson(t.Context(), doctor, "x", patchOf(`{"n": 1}`))
	must(t, err)
	_, err = db.ChangePage(t.Context(), doctor, "A", "x", fed.Record(`{"n": 1}`))
	must(t, err)
	_, err = db.ChangeDocument(t.Context(), doctor, key, fed.Record(`{"n": 1}`))
	must(t, err)
	_, err = db.Registry(fed.Unit).Change(t.Context(), doctor, "x", fed.Record(`{"n": 1}`))
	must(t, err)
	must(t, db.Registry(fed.Unit).Delete(t.Context(), doctor, "x"))
	must(t, db.DeleteDocument(t.Context(), doctor, key))
	must(t, db.DeletePage(t.Context(), doctor, "A", "x"))
	must(t, db.DeletePerson(t.Context(), doctor, "x"))
	learn(t, db)
	_, _, err = db.CreatePerson(t.Context(), doctor, "N", fed.Record(`{"id": "N", "name": "Wilhelmina"}`), nothing)
	must(t, err)
	learn(t, db)
	say(t, db, "A=N")
	wantText(t, linksOf(t, db, "N"), nil, "=A")
	must(t, db.Unlink(t.Context(), "A", "N"))
	wantText(t, found(t, db, store.Search{Text: "wilehlmnia", Limit: 20}), nil, "N")
	must(t, useSession(t.Context(), db))
	_, err = db.StartReset(t.Context(), "N", "DR", store.ResetKey{1})
	must(t, err)
	_, err = db.Reset(t.Context(), store.ResetKey{1})
	must(t, err)
	must(t, db.NoteFollowers(t.Context(), []store.FollowerPosition{{Account: "N"}}))
	_, err = db.Followers(t.Context(), 9)
	must(t, err)
	must(t, db.CountStatistics(t.Context()))
	_, err = db.Statistics(t.Context(), store.StatisticsQuery{Subject: "page"})
	must(t, err)
	_, err = db.For(fed.Operator).Matches(t.Context(), "N", 20)
	must(t, err)
	copyLines(t, db, "file", 0, accessOf("A", "DR"))
	wantText(t, accessesTo(t, db, store.AccessQuery{Person: "A"}), nil, "DR asked")
	must(t, db.For(fed.Operator).Duplicates(t.Context(), "", func(store.DuplicatesPart) error { return nil }))
	wantText(t, owner.Text(`SELECT (SELECT count(*) FROM thalamus_feed) || ' of ' || count(*) FROM thalamus_changes WHERE part = 0`), nil, "26 of 26")
}

func TestRightsThatAreLackingAreNamed(t *testing.T) {
	t.Parallel()
	owner, db := served(t)
	for _, step := range []struct {
		then      string
		retention bool
		want      []string
	}{
		{then: ``},
		{retention: true, want: []string{"EXECUTE on thalamus_cut"}},
		{then: `REVOKE DELETE, INSERT ON dus FROM server; REVOKE SELECT ON thalamus_links FROM server; REVOKE EXECUTE ON FUNCTION thalamus_link FROM server; REVOKE UPDATE ON thalamus_visit FROM server`,
			want: []string{"DELETE on dus", "INSERT on dus", "EXECUTE on thalamus_link", "SELECT on thalamus_links", "UPDATE on thalamus_visit"}},
	} {
		t.Run(step.then, func(t *testing.T) {
			owner.Exec(step.then)
			got, err := db.MissingGrants(t.Context(), step.retention)
			wantText(t, strings.Join(got, ", "), err, strings.Join(step.want, ", "))
		})
	}
	if got, err := owner.MissingGrants(t.Context(), true); err != nil || got != nil {
		t.Errorf("the owner lacks %q, %v", got, err)
	}
}

// What is granted and what a server misses are the same: an upgrade of which the manual says nothing would
// be noticed by nobody.
func TestAServerMissesAllThatTheManualGrants(t *testing.T) {
	t.Parallel()
	owner, db := served(t)
	owner.Exec(`GRANT EXECUTE ON FUNCTION thalamus_cut TO server`)
	granted := owner.Text(`SELECT string_agg(privilege || ' on ' || name, ', ' ORDER BY name, privilege) FROM (
		SELECT relname AS name, privilege_type AS privilege FROM pg_class, aclexplode(relacl) WHERE grantee = 'server'::regrole AND relname <> 'thalamus_migrations'
		UNION ALL SELECT proname, privilege_type FROM pg_proc, aclexplode(proacl) WHERE grantee = 'server'::regrole) AS granted`)
	owner.Exec(`REVOKE ALL ON ALL TABLES IN SCHEMA ` + testdb.Schema + ` FROM server; REVOKE ALL ON FUNCTION thalamus_link, thalamus_unlink, thalamus_access_copy, thalamus_cut FROM server`)
	missing, err := db.MissingGrants(t.Context(), true)
	wantText(t, strings.Join(missing, ", "), err, granted)
}

func TestAServerThatOwnsNothingCannotChangeHistory(t *testing.T) {
	t.Parallel()
	_, db := served(t)
	must(t, createAndPublish(t, db))
	conn := testdb.Connect(t, db.URL)
	for _, statement := range []string{
		`UPDATE thalamus_changes SET account = 'somebody else'`, `DELETE FROM thalamus_changes`, `TRUNCATE thalamus_changes`,
		`INSERT INTO thalamus_changes (resource, id, version, operation) VALUES ('person', 'A', 9, 'update')`,
		`UPDATE thalamus_feed SET position = 9`, `DELETE FROM thalamus_feed`, `TRUNCATE thalamus_feed`,
		`INSERT INTO thalamus_feed (position, seq, tag) VALUES (9, 1, 1)`,
		`UPDATE thalamus_feed_state SET position = 9`, `SELECT thalamus_cut(now())`,
		`INSERT INTO thalamus_links (person, other, same) VALUES ('A', 'B', true)`, `DELETE FROM thalamus_links`, `SELECT thalamus_relink('A')`,
		`INSERT INTO thalamus_access (time, seq, account, roles, method, endpoint, everybody, status) VALUES (now(), 1, 'A', '{}', 'GET', 'person', true, 200)`,
		`UPDATE thalamus_access SET account = 'somebody else'`, `DELETE FROM thalamus_access`, `TRUNCATE thalamus_access`,
		`UPDATE thalamus_access_files SET position = 0`, `DELETE FROM thalamus_access_files`, `SELECT thalamus_access_month(now())`,
		`INSERT INTO thalamus_name_words (word) VALUES ('x')`, `UPDATE thalamus_learned SET position = 9`,
		`ALTER TABLE people DISABLE TRIGGER ALL`, `TRUNCATE people CASCADE`, `SET session_replication_role = replica`,
	} {
		wantForbidden(t, conn, statement)
	}
}

// wantForbidden fails the test unless the database user of a connection lacks the right to do something.
func wantForbidden(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), statement)
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.Code != "42501" && pg.Code != "42503" {
		t.Errorf("%s: %v", statement, err)
	}
}

func createAndPublish(t *testing.T, db *testdb.DB) error {
	t.Helper()
	_, _, err := db.CreatePerson(t.Context(), doctor, "A", nothing, nothing)
	db.Exec(`SELECT thalamus_publish()`)
	return err
}
