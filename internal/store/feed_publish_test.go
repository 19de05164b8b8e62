// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// followed follows the feed until the test ends, and gives what it tells, once it
// has told that anything may have happened before.
func followed(t *testing.T, db *testdb.DB) (news chan []store.ChangeNotice, wake chan struct{}, failed chan error) {
	t.Helper()
	news, wake, failed = make(chan []store.ChangeNotice, 100), make(chan struct{}, 1), make(chan error, 100)
	ctx, cancel := context.WithCancel(t.Context())
	var following sync.WaitGroup
	following.Go(func() {
		db.FollowFeed(ctx, wake, func(n []store.ChangeNotice) { news <- n }, func(err error) { failed <- err })
	})
	t.Cleanup(func() {
		cancel()
		following.Wait()
	})
	if first := <-news; first != nil {
		t.Errorf("told of %v first", first)
	}
	return news, wake, failed
}

func TestAllServersAreNotifiedOfTheFeed(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	second := testdb.At(t, db.URL)
	here, _, _ := followed(t, db)
	there, _, _ := followed(t, second)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	db.Exec(`INSERT INTO pols (id, book, data) SELECT n, 'A', '{}' FROM generate_series(1, 50) AS n`)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	for name, news := range map[string]chan []store.ChangeNotice{"here": here, "there": there} {
		t.Run(name, func(t *testing.T) {
			var got []store.ChangeNotice
			for want := (store.ChangeNotice{Resource: "unit"}); !slices.Contains(got, want); {
				got = append(got, <-news...)
			}
			for _, want := range []store.ChangeNotice{{Resource: "person", Person: "A"}, {Resource: "page", Person: "A"}} {
				if !slices.Contains(got, want) {
					t.Errorf("not told of %v", want)
				}
			}
			if len(got) > 20 {
				t.Errorf("told of %d things", len(got))
			}
		})
	}
}

// Another server may have published, and this one was not yet told.
func TestTooMuchToTellIsToldOfAll(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	news, _, _ := followed(t, db)
	db.Exec(`INSERT INTO dus (id, data) SELECT n, '{}' FROM generate_series(1, 2000) AS n`)
	if got := <-news; got != nil {
		t.Errorf("told of %v", got)
	}
}

func TestTheFeedIsFollowedWithoutItsConnection(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	news, wake, failed := followed(t, db)
	eventually(t, db, "1", `SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN thalamus_changes%'`)
	if err := <-failed; err == nil {
		t.Error("it is not said why")
	}
	db.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	wake <- struct{}{}
	if got := <-news; len(got) != 1 || got[0].Resource != "unit" {
		t.Errorf("told of %v", got)
	}
}

func TestAFeedThatWentBackIsToldOfAll(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	read(t, db, overseer())
	news, _, _ := followed(t, db)
	db.Exec(`UPDATE thalamus_feed_state SET position = 0, tag = 0`)
	if got := <-news; got != nil {
		t.Errorf("told of %v", got)
	}
}

// writers gives the transactions that have written in a database and are open.
func writers(t *testing.T, db *store.DB) []store.OpenWriter {
	t.Helper()
	found, err := db.OpenWriters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestATransactionThatHasWrittenIsNamedUntilItEnds(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	end := db.Hold(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	if got := writers(t, db.DB); len(got) != 1 || got[0].User != "postgres" || got[0].PID == 0 || got[0].Transaction == "" || got[0].Since == nil {
		t.Errorf("found %+v", got)
	}
	end("COMMIT")
	if got := writers(t, db.DB); len(got) != 0 {
		t.Errorf("found %+v after its end", got)
	}
	end2 := db.Hold(`SELECT 1`)
	defer end2("ROLLBACK")
	if got := writers(t, db.DB); len(got) != 0 {
		t.Errorf("found %+v, who only reads", got)
	}
}

// PostgreSQL tells a user who is no superuser that it is there, and not since when.
func TestATransactionOfAnotherUserIsNamed(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	end := db.Hold(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	defer end("ROLLBACK")
	served := testdb.At(t, db.As("served"))
	if got := writers(t, served.DB); len(got) != 1 || got[0].PID == 0 || got[0].Transaction == "" || got[0].Since != nil {
		t.Errorf("found %+v", got)
	}
}

// Transaction ids are those of the whole cluster, but what is written elsewhere is no
// change of ours: before, after and beside it changes come to the feed.
func TestTheFeedDoesNotWaitForOtherDatabases(t *testing.T) {
	t.Parallel()
	db, elsewhere := testdb.New(t), testdb.New(t)
	before := db.Hold(`INSERT INTO dus (id, data) VALUES ('before', '{}')`)
	defer elsewhere.Hold(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)("ROLLBACK")
	if got := writers(t, db.DB); len(got) != 1 {
		t.Errorf("found %+v, want the one in this database", got)
	}
	before("COMMIT")
	for i, id := range []string{"one", "two", "three"} {
		lost := db.Hold(`INSERT INTO dus (id, data) VALUES ('lost', '{}')`)
		db.Exec(`INSERT INTO dus (id, data) VALUES ($1, '{}')`, id)
		lost("ROLLBACK")
		if got := read(t, db, overseer()).Changes; len(got) != i+2 || got[i+1].ID != id {
			t.Errorf("after %q the feed has %q", id, changeLines(got))
		}
	}
	if got := writers(t, db.DB); len(got) != 0 {
		t.Errorf("found %+v", got)
	}
}

// eventually waits until a query gives a text.
func eventually(t *testing.T, db *testdb.DB, want, q string) {
	t.Helper()
	testdb.Await(t, want+" of "+q, func() bool { return db.Text(q) == want })
}

const knownWords = `SELECT count(*)::text FROM thalamus_name_words WHERE word LIKE 'wilhelmina%'`

// Also what others published before there was a server, and more than is learned at
// once.
func TestNamesAreLearnedFromTheFeed(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	const many = `INSERT INTO people (id, data) SELECT n, jsonb_build_object('name', 'Wilhelmina' || n) FROM generate_series($1::int, $2::int) AS n`
	db.Exec(many, 1, 5000)
	db.Exec(`SELECT thalamus_publish()`)
	_, wake, _ := followed(t, db)
	eventually(t, db, "5000", knownWords)
	db.Exec(many, 5001, 5001)
	wake <- struct{}{}
	eventually(t, db, "5001", knownWords)
}

// Nothing is asked of the database when nothing is new; what could not be learned is
// learned later, and does not keep the feed from being told.
func TestNamesThatCannotBeLearnedAreLearnedLater(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"name": "Wilhelmina"}')`)
	news, wake, failed := followed(t, db)
	eventually(t, db, "1", knownWords)
	eventually(t, db, "true", `SELECT (l.position = s.position)::text FROM thalamus_learned AS l, thalamus_feed_state AS s`)
	for range 2 { // the second is taken in when the step that learned has ended
		wake <- struct{}{}
	}
	db.Exec(`ALTER FUNCTION thalamus_learn RENAME TO thalamus_learn_later`)
	for range 3 {
		wake <- struct{}{}
	}
	if len(failed) > 0 {
		t.Errorf("it learns without news: %v", <-failed)
	}
	db.Exec(`INSERT INTO people (id, data) VALUES ('B', '{"name": "Wilhelmina2"}')`)
	if got := <-news; len(got) != 1 || got[0].Person != "B" {
		t.Errorf("told of %v", got)
	}
	if err := <-failed; err == nil || !strings.Contains(err.Error(), "learning names") {
		t.Errorf("failed with %v", err)
	}
	db.Exec(`ALTER FUNCTION thalamus_learn_later RENAME TO thalamus_learn`)
	eventually(t, db, "2", knownWords)
}
