// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/testdb"
)

func TestAStatementWhoseConnectionIsCutIsUnavailableAndTheNextOneIsNot(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	release := db.Hold(`SELECT FROM people WHERE id = 'A' FOR UPDATE`)
	done := make(chan error)
	go func() {
		_, err := db.ChangePerson(t.Context(), nobody, "A", patchOf(`{"n": 1}`))
		done <- err
	}()
	db.AwaitWaiting(1)
	endConnections(db)
	wantKind(t, <-done, fed.Unavailable)
	release("COMMIT")
	if _, err := db.ChangePerson(t.Context(), nobody, "A", patchOf(`{"n": 2}`)); err != nil {
		t.Error(err)
	}
}

// endConnections ends those of the store, as a stopping server does.
func endConnections(db *testdb.DB) {
	db.Text(`SELECT count(pg_terminate_backend(pid, 60000))::text FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'thalamus'`)
}

func TestADatabaseThatTakesNoConnectionsIsUnavailableUntilItDoes(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	limited := testdb.At(t, db.As("limited"))
	db.Exec(`ALTER ROLE limited CONNECTION LIMIT 0`)
	endConnections(db)
	for range 2 {
		wantKind(t, limited.Ping(t.Context()), fed.Unavailable)
		_, err := limited.For(fed.Operator).Person(t.Context(), "A")
		wantKind(t, err, fed.Unavailable)
	}
	db.Exec(`ALTER ROLE limited CONNECTION LIMIT -1`)
	if err := limited.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// The connection is of no use any more: it would refuse every later write.
func TestAConnectionToADemotedPrimaryIsDropped(t *testing.T) {
	t.Parallel()
	primary := newBook(t)
	name := primary.Text(`SELECT current_database()`)
	primary.Exec(`ALTER DATABASE ` + name + ` SET default_transaction_read_only = on`)
	db := testdb.At(t, primary.URL)
	_, err := db.ChangePerson(t.Context(), nobody, "A", patchOf(`{"n": 1}`))
	wantKind(t, err, fed.Unavailable)
	testdb.Exec(t, primary.URL+"&default_transaction_read_only=off", `ALTER DATABASE `+name+` RESET default_transaction_read_only`)
	if _, err := db.ChangePerson(t.Context(), nobody, "A", patchOf(`{"n": 2}`)); err != nil {
		t.Error(err)
	}
}

func TestWhatPostgreSQLCannotStoreIsTheCallersFault(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	deep := strings.Repeat(`{"a":`, 50_000) + "1" + strings.Repeat("}", 50_000)
	for _, body := range []string{`{"a": "\u0000"}`, deep} {
		_, _, err := db.CreatePage(t.Context(), nobody, "A", "2", fed.Record(body))
		wantKind(t, err, fed.Invalid)
		_, err = db.ChangePage(t.Context(), nobody, "A", "1", fed.Record(body))
		wantKind(t, err, fed.Invalid)
	}
}
