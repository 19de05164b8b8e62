// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/testdb"
	"thalamus/migrations"
)

// ledger lists the applied steps with the moment when each was applied.
const ledger = `SELECT COALESCE(string_agg(concat_ws(' ', number, name, checksum, applied), E'\n' ORDER BY number), '') FROM thalamus_migrations`

// stepNames are the names of all steps as Migrate gives them.
func stepNames(t *testing.T) (names []string) {
	t.Helper()
	all, err := migrations.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		names = append(names, fmt.Sprintf("%04d_%s", m.Number, m.Name))
	}
	return names
}

func TestMigratingAnEmptyDatabaseMakesTheTablesOfThePythonServer(t *testing.T) {
	t.Parallel()
	db := testdb.At(t, testdb.Empty(t))
	steps, err := db.Migrate(t.Context())
	if diff := cmp.Diff(stepNames(t), steps); diff != "" || err != nil {
		t.Errorf("%v: %s", err, diff)
	}
	columns := db.Text(`SELECT string_agg(table_name || '.' || column_name || ' ' || data_type, E'\n')
		FROM information_schema.columns WHERE table_schema = current_schema()`)
	for _, column := range []string{
		"people.id character varying", "people.data jsonb",
		"pols.id character varying", "pols.book character varying", "pols.data jsonb",
		"personal_docs.id character varying", "personal_docs.fedacct character varying", "personal_docs.pol character varying",
		"personal_docs.document bytea", "personal_docs.data jsonb",
		"dus.id character varying", "dus.data jsonb", "institutions.id character varying", "institutions.data jsonb",
	} {
		if !strings.Contains("\n"+columns+"\n", "\n"+column+"\n") {
			t.Errorf("there is no %s", column)
		}
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMigratingAgainDoesNothing(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	before := db.Text(ledger)
	if steps, err := db.Migrate(t.Context()); len(steps) != 0 || err != nil {
		t.Errorf("took the steps %v: %v", steps, err)
	}
	wantText(t, db.Text(ledger), nil, before)
}

func TestSixMigratorsAtOnceTakeEachStepOnce(t *testing.T) {
	t.Parallel()
	url := testdb.Empty(t)
	var migrators []*testdb.DB
	for range 6 {
		migrators = append(migrators, testdb.At(t, url))
	}
	steps := make([][]string, len(migrators))
	errs := atOnce(len(migrators), func(i int) (err error) {
		steps[i], err = migrators[i].Migrate(t.Context())
		return err
	})
	var taken []string
	for _, s := range steps {
		taken = append(taken, s...)
	}
	if diff := cmp.Diff(stepNames(t), taken); diff != "" || errors.Join(errs...) != nil {
		t.Errorf("%v: %s", errors.Join(errs...), diff)
	}
	if err := migrators[0].Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnAdvisoryLockKeepsMigratorsApart(t *testing.T) {
	t.Parallel()
	db := testdb.At(t, testdb.Empty(t))
	end := db.Hold(`SELECT pg_advisory_xact_lock(x'7468616c'::int)`)
	done := make(chan error)
	go func() {
		_, err := db.Migrate(t.Context())
		done <- err
	}()
	db.AwaitWaiting(1)
	if got := db.Text(`SELECT count(*)::text FROM pg_tables WHERE schemaname = current_schema()`); got != "0" {
		t.Errorf("%s tables were made without the lock", got)
	}
	end("COMMIT")
	if err := <-done; err != nil {
		t.Error(err)
	}
}
