// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/task"
	"thalamus/internal/testdb"
)

// A replica that is behind has not heard of the statement.
func TestWhatIsSaidOfAPersonHoldsBesideAReplicaThatIsBehind(t *testing.T) {
	t.Parallel()
	r := newReading(t, time.Hour)
	testdb.Exec(t, r.at.Location(), `INSERT INTO people (id, data) VALUES ('A', '{}'), ('B', '{}');
		INSERT INTO pols (id, book, data) VALUES ('of A', 'A', '{"id": "of A"}'), ('of B', 'B', '{"id": "of B"}')`)
	e := ear{make(chan string, 100), make(chan time.Time, 100), make(chan struct{}, 100)}
	watching := task.Start(t.Context(), func(ctx context.Context) { r.db.WatchAccounts(ctx, e, func(error) {}) })
	t.Cleanup(watching.Stop)
	choose := func(person string) int { return r.db.Replicas().ChooseFor("DOC", person) }
	r.await("A is read there", func() bool { return choose("A") == 1 })

	r.pause()
	testdb.Exec(t, r.at.Location(), `INSERT INTO thalamus_consents (id, person, scope, who, effect) VALUES ('1', 'A', '*', '*', 'deny')`)
	r.await("A is read at the primary", func() bool { return choose("A") == 0 })
	if choose("B") != 1 {
		t.Error("B is, too")
	}

	there := r.db.For(fed.Reader{Account: "DOC", Replica: 1})
	got := idsOf(t, func(take func(fed.Record) error) error {
		return there.EachPageOf(t.Context(), store.BookQuery{Books: []string{"B", "A"}}, store.Keyset[store.BookKey]{}, eager, take)
	})
	if len(got) != 1 || got[0] != "of B" {
		t.Errorf("of both books %q are shown", got)
	}
	r.resume()
}
