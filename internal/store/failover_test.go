// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// waiter is the backend of the store that waits for a lock.
const waiter = `SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'thalamus' AND wait_event_type = 'Lock'`

// The question to the silent server is asked again of the one that answers, the same one here.
func TestASilentServerIsLeftWhereAnotherOneAnswers(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	release := db.Hold(`SELECT FROM people WHERE id = 'A' FOR UPDATE`)
	done := make(chan error, 1)
	go func() {
		s, err := db.ChangePerson(t.Context(), fed.Write{Request: "one"}, "A", patchOf(`{"n": 1}`))
		if s.Version != 2 {
			t.Errorf("version %d", s.Version)
		}
		done <- err
	}()
	db.AwaitWaiting(1)
	backend := db.Text(waiter)
	db.LeaveSilent(t.Context(), "another one")
	awaitTrue(t, testdb.Connect(t, db.URL), `SELECT EXISTS (`+waiter+` AND pid <> `+backend+`)`)
	release("COMMIT")
	must(t, soon(t, done))
	wantText(t, db.Text(`SELECT version::text FROM people WHERE id = 'A'`), nil, "2")
}

func TestAServerThatOthersReachIsNotLeft(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	release := db.Hold(`SELECT FROM people WHERE id = 'A' FOR UPDATE`)
	done := make(chan error, 1)
	go func() {
		_, err := db.ChangePerson(t.Context(), fed.Write{Request: "one"}, "A", patchOf(`{"n": 1}`))
		done <- err
	}()
	db.AwaitWaiting(1)
	backend := db.Text(waiter)
	db.LeaveSilent(t.Context(), db.Text(`SELECT pg_postmaster_start_time()::text`))
	release("COMMIT")
	must(t, soon(t, done))
	wantText(t, db.Text(`SELECT count(*)::text FROM pg_stat_activity WHERE pid = `+backend), nil, "1")
}

// The operator learns why statements fail now and then.
func TestAPoolerThatLosesStatementsIsReported(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	var told atomic.Value
	telling, err := store.Open(t.Context(), store.Options{URL: db.URL, MaxRecord: testdb.MaxRecord, MaxElements: testdb.MaxElements,
		Outage: func(o pg.Outage) { told.Store(o.Cause) }})
	must(t, err)
	t.Cleanup(telling.Close)
	failOften(db, "26000", 1)
	_, _, err = telling.Registry(fed.Unit).Create(t.Context(), fed.Write{Request: "one"}, "U", fed.Record(`{"a": 1}`), nothing)
	must(t, err)
	if cause, _ := told.Load().(error); !errors.Is(cause, pg.ErrPooler) {
		t.Errorf("told of %v", cause)
	}
}
