// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// A query would take time of the long poll; the wait for the database takes none.
func TestALongPollAsksNothingOfADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	db, err := store.New(store.Options{URL: "postgres:///none?host=/nowhere"})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(db.Close)
	testdb.Await(t, "there is no database", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		_, _ = db.For(fed.Operator).Page(ctx, "A", "1")
		return db.OutageEnd() != nil
	})

	f, over := New(Options{Store: db}), make(chan time.Time, 1)
	waiting := &subscriber{wake: make(chan struct{}, 1)}
	waiting.notify()
	came := make(chan bool)
	go func() {
		ok, _ := f.waitForChanges(t.Context(), waiting, false, over)
		came <- ok
	}()

	testdb.Await(t, "it has been woken", func() bool { return len(waiting.wake) == 0 })

	over <- time.Now()
	if <-came {
		t.Error("it asks the database")
	}
}
