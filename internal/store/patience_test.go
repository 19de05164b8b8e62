// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// impatient opens a database once more, with so many connections whose statements wait
// for no lock for long.
func impatient(t *testing.T, db *testdb.DB, conns int) *store.DB {
	t.Helper()
	again, err := store.Open(t.Context(), store.Options{URL: db.URL, MaxConns: conns, MaxRecord: testdb.MaxRecord, MaxElements: testdb.MaxElements,
		LockTimeout: 2 * time.Second})
	must(t, err)
	t.Cleanup(again.Close)
	return again
}

// wantLater fails the test unless the caller is told when to come again.
func wantLater(t *testing.T, err error) {
	t.Helper()
	var known *fed.Error
	if !errors.As(err, &known) || known.Kind != fed.Unavailable || known.Wait <= 0 {
		t.Errorf("got %v", err)
	}
}

func TestNobodyWaitsForALockForEver(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	bounded := impatient(t, db, 8)
	end := db.Hold(`LOCK TABLE pols IN ACCESS EXCLUSIVE MODE`)
	for _, err := range atOnce(30, func(int) error {
		_, err := bounded.For(fed.Operator).Page(t.Context(), "A", "1")
		return err
	}) {
		wantLater(t, err)
	}
	end("COMMIT")
	_, err := bounded.For(fed.Operator).Page(t.Context(), "A", "1")
	must(t, err)
}

// The only connection is held by a list, of which a record is looked at.
func TestNobodyWaitsForAConnectionForEver(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	bounded := impatient(t, db, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	looked := false
	must(t, bounded.For(fed.Operator).EachPerson(ctx, &slow{most: store.PieceBytes}, func(fed.Record) error {
		looked = true
		patience, end := context.WithTimeout(ctx, 100*time.Millisecond)
		defer end()
		_, err := bounded.For(fed.Operator).Page(patience, "A", "1")
		wantLater(t, err)
		return nil
	}))
	if !looked || ctx.Err() != nil {
		t.Errorf("there was a record: %t; then %v", looked, ctx.Err())
	}
	_, err := bounded.For(fed.Operator).Page(ctx, "A", "1")
	must(t, err)
}

// flood takes everything as fast as it comes.
type flood struct{ acquire, flush func() }

func (flood) ReservePiece(_ context.Context, needed int64) (int64, error) {
	return max(store.PieceBytes, needed), nil
}

func (f flood) AcquireSlot(context.Context) error {
	f.acquire()
	return nil
}

func (flood) ReserveStream(context.Context) error { return nil }

func (f flood) Flush() bool {
	f.flush()
	return true
}

// manyPeople is a database with persons for some pieces.
func manyPeople(t *testing.T) *testdb.DB {
	t.Helper()
	db := emptyBook(t)
	db.Exec(`INSERT INTO people (id, data) SELECT n, jsonb_build_object('id', n::text) FROM generate_series(10001, 11300) AS n`)
	return db
}

// The table is locked before the statement of the rest, until the first piece is sent.
func TestTheFirstPieceIsSentBeforeTheRestIsAskedFor(t *testing.T) {
	t.Parallel()
	db := manyPeople(t)
	var end func(string)
	unlock := func() {
		if end != nil {
			end("COMMIT")
			end = nil
		}
	}
	flow := flood{func() { end = db.Hold(`LOCK TABLE people IN ACCESS EXCLUSIVE MODE`) }, unlock}
	count := 0
	err := impatient(t, db, 8).For(fed.Operator).EachPerson(t.Context(), flow, func(fed.Record) error { count++; return nil })
	if err != nil || count != 1300 {
		t.Errorf("%d of 1300 came: %v", count, err)
	}
	unlock()
}

func TestAListWhoseRestWaitsForALockIsCut(t *testing.T) {
	t.Parallel()
	db := manyPeople(t)
	var end func(string)
	flow := flood{func() { end = db.Hold(`LOCK TABLE people IN ACCESS EXCLUSIVE MODE`) }, func() {}}
	wantLater(t, impatient(t, db, 8).For(fed.Operator).EachPerson(t.Context(), flow, func(fed.Record) error { return nil }))
	end("COMMIT")
}
