// SPDX-License-Identifier: GPL-3.0-or-later

package testdb_test

import (
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	mine, other := testdb.New(t), testdb.New(t)
	mine.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	if got := other.Text(`SELECT count(*)::text FROM people`); got != "0" {
		t.Errorf("a row of one database is in the other")
	}
}

func TestANewDatabaseIsMigrated(t *testing.T) {
	t.Parallel()
	if err := testdb.New(t).Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnEmptyDatabaseHasNoTables(t *testing.T) {
	t.Parallel()
	db := testdb.At(t, testdb.Empty(t))
	if got := db.Text(`SELECT count(*)::text FROM pg_tables WHERE schemaname = current_schema()`); got != "0" {
		t.Errorf("it has %s", got)
	}
}

func TestAHeldLockMakesOthersWaitUntilItEnds(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('A', '{}')`)
	end := db.Hold(`UPDATE dus SET data = $1 WHERE id = 'A'`, `{"by": "holder"}`)
	done := make(chan error)
	go func() {
		_, err := db.Registry(fed.Unit).Change(t.Context(), fed.Write{}, "A", fed.Record(`{"waiter": true}`))
		done <- err
	}()
	db.AwaitWaiting(1)
	end("COMMIT")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got, want := db.Text(`SELECT data::text FROM dus`), `{"by": "holder", "waiter": true}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
