// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// Eight writers at one lock would have the whole pool.
func TestWritersThatWaitForALockLeaveTheOthersConnections(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	end := db.Hold(`LOCK TABLE pols IN EXCLUSIVE MODE`) // which lets readers pass
	written := make(chan []error)
	go func() {
		written <- atOnce(30, func(i int) error {
			_, _, err := db.CreatePage(t.Context(), nobody, "A", strconv.Itoa(10+i), fed.Record(`{}`))
			return err
		})
	}()
	db.AwaitWaiting(4) // of eight connections

	for range 100 {
		_, err := db.For(fed.Operator).Person(t.Context(), "A")
		must(t, err)
		_, err = db.For(fed.Operator).Page(t.Context(), "A", "1")
		must(t, err)
		_, _, err = db.Credentials(t.Context(), "A", "A")
		must(t, err)
	}
	end("COMMIT")
	for _, err := range <-written {
		must(t, err)
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM pols`), nil, "31")
}

func TestEveryWayToWriteStandsInTheLaneOfWriters(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	end := db.Hold(`LOCK TABLE people, pols, dus, institutions, personal_docs, thalamus_links IN EXCLUSIVE MODE`)
	for _, way := range []func(context.Context) error{
		func(ctx context.Context) error {
			_, _, err := db.CreatePerson(ctx, nobody, "N", nothing, nothing)
			return err
		},
		func(ctx context.Context) error { _, err := db.ChangePage(ctx, nobody, "A", "1", nothing); return err },
		func(ctx context.Context) error { return db.Registry(fed.Unit).Delete(ctx, nobody, "U") },
		func(ctx context.Context) error { _, _, err := db.Link(ctx, nobody, "A", "B", true); return err },
		func(ctx context.Context) error { return db.Unlink(ctx, "A", "B") },
		func(ctx context.Context) error {
			_, _, _, err := db.CreateDocument(ctx, nobody, upload("D", true, nil))
			return err
		},
		func(ctx context.Context) error { return db.UpgradeHash(ctx, "A", "one", "other") },
	} {
		ctx, leave := context.WithCancel(t.Context())
		done := make(chan []error)
		go func() { done <- atOnce(9, func(int) error { return way(ctx) }) }()
		db.AwaitWaiting(4)
		_, err := db.For(fed.Operator).Person(t.Context(), "A")
		must(t, err)
		leave()
		<-done
		db.AwaitWaiting(0)
	}
	end("ROLLBACK")
}

// Readers that wait for a lock have all connections here.
func TestPublisherAndHealthNeedNoneOfTheConnectionsOfRequests(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	news, _, _ := followed(t, db)
	end := db.Hold(`LOCK TABLE pols IN ACCESS EXCLUSIVE MODE`)
	read := make(chan []error)
	go func() {
		read <- atOnce(8, func(int) error {
			_, err := db.For(fed.Operator).Page(t.Context(), "A", "1")
			return err
		})
	}()
	db.AwaitWaiting(8)

	watchHealth(t, db)
	if h := db.Health(t.Context()); !h.Answers || !h.Writes {
		t.Errorf("the database's health is %+v", h)
	}
	db.Exec(`INSERT INTO dus (id, data) VALUES ('U', '{}')`)
	for want := (store.ChangeNotice{Resource: "unit"}); !slices.Contains(<-news, want); {
	}
	end("COMMIT")
	for _, err := range <-read {
		must(t, err)
	}
}
