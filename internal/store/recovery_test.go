// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// replicated is a primary with a unit, and a standby of it.
type replicated struct {
	t                *testing.T
	primary, standby *testdb.DB
	at, behind       *testdb.Cluster // where they are
}

func newReplicated(t *testing.T) *replicated {
	t.Helper()
	r := &replicated{t: t, at: testdb.NewCluster(t)}
	r.primary = r.at.New()
	r.primary.Exec(`INSERT INTO dus (id, data) VALUES ('a', '{}')`)
	must(t, r.primary.Publish(t.Context()))
	r.behind = r.at.Standby()
	r.standby = testdb.At(t, r.behind.Location())
	return r
}

// changes asks for what came behind a cursor.
func changes(t *testing.T, db *testdb.DB, after store.Cursor) (store.FeedPage, error) {
	t.Helper()
	return db.For(fed.Operator).Changes(t.Context(), store.FeedQuery{After: after, Limit: 10, All: everything})
}

// A follower who asked the primary before must not begin anew.
func TestACursorAheadOfAStandbyIsHonouredLater(t *testing.T) {
	t.Parallel()
	r := newReplicated(t)
	r.behind.AwaitReplay(r.at)
	testdb.Exec(t, r.behind.Location(), `SELECT pg_wal_replay_pause()`)
	r.primary.Exec(`INSERT INTO dus (id, data) VALUES ('b', '{}')`)
	must(t, r.primary.Publish(t.Context()))
	ahead, err := r.primary.FeedEnd(t.Context())
	must(t, err)

	_, err = changes(t, r.standby, ahead)
	wantLater(t, err)
	testdb.Exec(t, r.behind.Location(), `SELECT pg_wal_replay_resume()`)
	r.behind.AwaitReplay(r.at)
	page, err := changes(t, r.standby, ahead)
	if err != nil || page.Next != ahead {
		t.Errorf("when it has all: %+v, %v", page, err)
	}

	never := ahead
	never.Position++
	_, err = changes(t, r.standby, never)
	wantLater(t, err)
	r.behind.Promote()
	_, err = changes(t, r.standby, never)
	wantKind(t, err, fed.Gone)
}

// A standby cannot know better: it would say the same after having received all.
func TestACursorThatAStandbyKnowsToBeOfAnotherDatabaseIsGone(t *testing.T) {
	t.Parallel()
	r := newReplicated(t)
	r.primary.Exec(`INSERT INTO dus (id, data) VALUES ('b', '{}')`)
	must(t, r.primary.Publish(t.Context()))
	end, err := r.primary.FeedEnd(t.Context())
	must(t, err)
	r.behind.AwaitReplay(r.at)

	r.primary.Exec(`UPDATE thalamus_feed SET tag = tag # 1; UPDATE thalamus_feed_state SET tag = tag # 1`)
	r.behind.AwaitReplay(r.at)
	_, err = changes(t, r.standby, end)
	wantKind(t, err, fed.Gone)
}

// Nothing is reported again and again, and after the promotion all is done without a restart.
func TestAStandbyIsFollowedQuietlyAndServedWhenItIsPromoted(t *testing.T) {
	t.Parallel()
	r := newReplicated(t)
	r.primary.Exec(`INSERT INTO dus (id, data) VALUES ('unpublished', '{}')`)
	r.behind.AwaitReplay(r.at)

	e, lost := ear{make(chan string, 100), make(chan time.Time, 100), make(chan struct{}, 100)}, make(chan error, 100)
	watch(t, r.standby, e, lost)
	published, failed := follow(t, r.standby)
	if err := soon(t, lost); !strings.Contains(err.Error(), "standby") {
		t.Errorf("listening fails: %v", err)
	}
	must(t, r.standby.Publish(t.Context()))
	soon(t, published) // of what the primary had published
	awaitConnections(t, r.standby, 3)

	r.behind.Promote()
	if id := soon(t, e.changed); id != "" {
		t.Errorf("told of %q", id)
	}
	soon(t, e.heard)
	_, created, err := r.standby.CreatePerson(t.Context(), doctor, "A", fed.Record(`{"id": "A"}`), nothing)
	if !created || err != nil {
		t.Errorf("created: %t, %v", created, err)
	}
	eventually(t, r.standby, "a1 unpublished1 A1", `SELECT string_agg(id || version, ' ' ORDER BY position) FROM thalamus_feed JOIN thalamus_changes USING (seq)`)
	if len(lost) != 0 || len(failed) != 0 {
		t.Errorf("it was reported: %d times of accounts, %d times of the feed", len(lost), len(failed))
	}
}

// awaitConnections returns when the loops have tried to listen so often.
func awaitConnections(t *testing.T, db *testdb.DB, n int64) {
	t.Helper()
	conn := testdb.Connect(t, db.URL)
	before := testdb.Text(t, db.URL, `SELECT sessions::text FROM pg_stat_database WHERE datname = current_database()`)
	awaitTrue(t, conn, `SELECT sessions >= $1::bigint + $2 FROM pg_stat_database WHERE datname = current_database()`, before, n)
}

// follow publishes the feed until the test ends.
func follow(t *testing.T, db *testdb.DB) (published chan []store.ChangeNotice, failed chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	published, failed = make(chan []store.ChangeNotice, 100), make(chan error, 100)
	var following sync.WaitGroup
	following.Go(func() {
		db.FollowFeed(ctx, nil, func(news []store.ChangeNotice) { published <- news }, func(err error) { failed <- err })
	})
	t.Cleanup(func() {
		cancel()
		following.Wait()
	})
	return published, failed
}

// A question to a standby whether commits are kept is no sign of damage.
func TestAStandbyIsInOrder(t *testing.T) {
	t.Parallel()
	r := newReplicated(t)
	_, _, err := r.primary.CreatePerson(t.Context(), doctor, "A", fed.Record(`{"id": "A"}`), nothing)
	must(t, err)
	r.behind.AwaitReplay(r.at)

	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err = r.standby.RepeatedPerson(ctx, doctor, "A", fed.Record(`{"id": "A"}`), nothing)
	wantLater(t, err)
	watchHealth(t, r.standby)
	if got := r.standby.Health(t.Context()); got != readable {
		t.Errorf("it is %+v", got)
	}
}

// The caller learns why, and when to come again: unless the time was over just while the standby was asked.
func TestAWriteAtAStandbyIsToldWhyItIsRefused(t *testing.T) {
	t.Parallel()
	r := newReplicated(t)
	var said []string
	for wait := time.Second; wait < 10*time.Second; wait *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), wait) // else it waits for a promotion
		_, _, err := r.standby.CreatePerson(ctx, doctor, "A", fed.Record(`{"id": "A"}`), nothing)
		cancel()
		wantLater(t, err)
		if err != nil && strings.Contains(err.Error(), "can only be read") {
			return
		}
		said = append(said, fmt.Sprint(err))
	}
	t.Errorf("it is told %q", said)
}

// It ends by itself, long before its request would.
func TestAWriteAtAStandbyThatStaysOneIsGivenUp(t *testing.T) {
	t.Parallel()
	r := newReplicated(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	for range 2 { // the second one at once
		_, _, err := r.standby.CreatePerson(ctx, doctor, "A", fed.Record(`{"id": "A"}`), nothing)
		wantLater(t, err)
	}
	must(t, ctx.Err())
}
