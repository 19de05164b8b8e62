// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"net/url"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

// on gives the URL of a database with a search_path, which has no blanks.
func on(path, database string) string { return database + "&search_path=" + url.QueryEscape(path) }

// whereTables says in which schemas there are tables of ours.
const whereTables = `SELECT COALESCE(string_agg(DISTINCT schemaname, ' '), '') FROM pg_tables WHERE tablename IN ('people', 'thalamus_changes')`

func TestTheTablesAreInTheSchemaThatTheURLNames(t *testing.T) {
	t.Parallel()
	plain := testdb.At(t, testdb.Empty(t))
	plain.Exec(`CREATE SCHEMA one; CREATE SCHEMA other`)
	for _, path := range []string{"one", "none,other"} {
		db := testdb.At(t, on(path, plain.URL))
		_, err := db.Migrate(t.Context())
		must(t, err)
		_, _, err = db.CreatePerson(t.Context(), doctor, "A", fed.Record(`{"id": "A"}`), nothing)
		must(t, err)
		must(t, db.Check(t.Context()))
	}
	wantText(t, plain.Text(whereTables), nil, "one other")
	wantText(t, plain.Text(`SELECT concat_ws(' ', (SELECT id FROM one.people), (SELECT id FROM one.thalamus_changes), (SELECT id FROM other.people))`), nil, "A A A")

	pooler := testdb.At(t, on("other", plain.Pooled("session")))
	must(t, pooler.Check(t.Context()))
	facts, err := pooler.Facts(t.Context())
	wantText(t, strings.Join(facts.Owners, " "), err, "postgres")
	missing, err := pooler.MissingGrants(t.Context(), true)
	wantText(t, strings.Join(missing, ", "), err, "")
}

// A schema of the user's own would come first, and is not where the tables are.
func TestTablesThatAreThereAreFoundBehindAnotherSchema(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`CREATE SCHEMA postgres`)
	again := testdb.At(t, on(`"$user",`+testdb.Schema, db.URL))
	steps, err := again.Migrate(t.Context())
	wantText(t, strings.Join(steps, " "), err, "")
	wantText(t, db.Text(whereTables), nil, testdb.Schema)
}

func TestASchemaThatCannotBeUsedIsNamed(t *testing.T) {
	t.Parallel()
	plain := testdb.At(t, testdb.Empty(t))
	plain.Exec(`CREATE SCHEMA "Hub"; CREATE SCHEMA "user"`)
	for path, want := range map[string]string{`none`: "there is no schema", `"Hub"`: `schema "Hub" needs a name`, `"user"`: `schema "user" needs a name`} {
		_, err := testdb.At(t, on(path, plain.URL)).Migrate(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	wantText(t, plain.Text(whereTables), nil, "")
}
