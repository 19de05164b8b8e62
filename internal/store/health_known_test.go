// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// A request has met it before the next question does, or the question before a request.
func TestAnOutageThatIsKnownIsToldAtOnce(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*DB) *pg.Pool{
		"requests": func(db *DB) *pg.Pool { return db.pool },
		"watchers": func(db *DB) *pg.Pool { return db.reserved },
	} {
		t.Run(name, func(t *testing.T) {
			db, err := New(Options{URL: "postgres:///none?host=/nowhere"})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(db.Close)
			close(db.health.known)
			db.health.answers.Store(true)
			if !db.Health(t.Context()).Answers {
				t.Fatal("nothing is known yet")
			}
			for patience := 10 * time.Millisecond; db.Health(t.Context()).Answers && patience < 10*time.Second; patience *= 2 {
				ctx, cancel := context.WithTimeout(t.Context(), patience) // on a busy machine it may end before the first attempt
				_, err = (&DB{pool: ask(db)}).FeedEnd(ctx)
				cancel()
			}
			if fed.KindOf(err) != fed.Unavailable || db.Health(t.Context()).Answers {
				t.Errorf("%s: it answers after %v", name, err)
			}
		})
	}
}
