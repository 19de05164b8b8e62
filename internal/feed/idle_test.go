// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// The request's patience would pass with the question, and does not while it waits.
func TestWhoWaitsForChangesAsksNothingOfADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	db, err := store.New(store.Options{URL: "postgres:///none?host=/nowhere"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := db.For(fed.Operator).Page(ctx, "A", "1"); err == nil {
		t.Fatal("there is a database")
	}

	f, over := New(Options{Store: db}), make(chan time.Time, 1)
	waiting := &reader{wake: make(chan struct{}, 1)}
	waiting.poke()
	goesOn := make(chan bool)
	go func() {
		goes, _ := f.idle(t.Context(), waiting, false, over)
		goesOn <- goes
	}()
	for len(waiting.wake) > 0 {
		time.Sleep(time.Millisecond) // nobody tells
	}
	over <- time.Now()
	if <-goesOn {
		t.Error("it asks")
	}
}
