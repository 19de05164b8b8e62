// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// withFeed is a database with the accounts A, B and C, whose creations are the feed's first positions.
func withFeed(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	for _, id := range []string{"A", "B", "C"} {
		db.Exec(`INSERT INTO people VALUES ($1, '{}')`, id)
	}
	must(t, db.Publish(t.Context()))
	return db
}

// noteAt notes how far an account has read, some hours ago.
func noteAt(t *testing.T, db *testdb.DB, account string, position int64, hours int) {
	t.Helper()
	must(t, db.NoteFollowers(t.Context(), []store.FollowerPosition{{Account: account, Position: position}}))
	db.Exec(`UPDATE thalamus_followers SET read = now() - make_interval(hours => $2) WHERE account = $1`, account, hours)
}

// listFollowers writes each as its account, its hours of silence, the changes it has not read, and whether
// it is known since when these are.
func listFollowers(t *testing.T, db *testdb.DB, most int) string {
	t.Helper()
	all, err := db.Followers(t.Context(), most)
	must(t, err)
	var lines []string
	for _, f := range all {
		lines = append(lines, fmt.Sprintf("%s %.0f %d %t", f.Account, time.Since(f.Read).Hours(), f.Changes, f.Since != nil))
	}
	return strings.Join(lines, ", ")
}

func TestFollowersAreTheLongestSilentFirst(t *testing.T) {
	t.Parallel()
	db := withFeed(t)
	noteAt(t, db, "A", 3, 2)
	noteAt(t, db, "B", 0, 30)
	noteAt(t, db, "C", 2, 0)
	wantText(t, listFollowers(t, db, 9), nil, "B 30 3 true, A 2 0 false, C 0 1 true")
	wantText(t, listFollowers(t, db, 2), nil, "B 30 3 true, A 2 0 false")

	all, err := db.Followers(t.Context(), 9)
	must(t, err)
	wantText(t, db.Text(`SELECT string_agg(id, ' ') FROM thalamus_changes WHERE time = $1`, *all[2].Since), nil, "C")
}

// Servers note the same account in any order, and a reader may begin anew.
func TestTheFurthestPositionCounts(t *testing.T) {
	t.Parallel()
	db := withFeed(t)
	noteAt(t, db, "A", 2, 5)
	must(t, db.NoteFollowers(t.Context(), []store.FollowerPosition{{Account: "A", Position: 1}}))
	wantText(t, listFollowers(t, db, 9), nil, "A 0 1 true")
	noteAt(t, db, "A", 3, 0)
	wantText(t, listFollowers(t, db, 9), nil, "A 0 0 false")
}

// After a recovery to an earlier time the feed ends before positions that were read.
func TestAPositionBehindTheEndOfTheFeedDoesNotLast(t *testing.T) {
	t.Parallel()
	db := withFeed(t)
	noteAt(t, db, "A", 3, 0)
	db.Exec(`DELETE FROM thalamus_feed WHERE position > 1; UPDATE thalamus_feed_state SET position = 1`)
	wantText(t, listFollowers(t, db, 9), nil, "A 0 0 false")
	noteAt(t, db, "A", 0, 0)
	wantText(t, db.Text(`SELECT position::text FROM thalamus_followers`), nil, "1")
}

func TestAFollowerIsAnActiveAccount(t *testing.T) {
	t.Parallel()
	db := withFeed(t)
	for _, account := range []string{"A", "B", "C", "NOBODY"} {
		noteAt(t, db, account, 3, 1)
	}
	wantText(t, db.Text(`SELECT string_agg(account, ' ' ORDER BY account) FROM thalamus_followers`), nil, "A B C")
	db.Exec(`UPDATE people SET data = '{"active": false}' WHERE id = 'B'; DELETE FROM people WHERE id = 'C'`)
	wantText(t, listFollowers(t, db, 9), nil, "A 1 0 false")
}

// To note it waits for nobody, and brings nobody back who is erased meanwhile.
func TestNoFollowerWhoIsErasedStays(t *testing.T) {
	t.Parallel()
	db := withFeed(t)
	noteAt(t, db, "B", 1, 1)
	end := db.Hold(`DELETE FROM people WHERE id = 'A'`)
	must(t, db.NoteFollowers(t.Context(), []store.FollowerPosition{{Account: "A", Position: 3}, {Account: "B", Position: 3}}))
	end("COMMIT")
	wantText(t, db.Text(`SELECT string_agg(account || position, ' ') FROM thalamus_followers`), nil, "B3")

	_, err := db.Erase(t.Context(), nobody, "B")
	must(t, err)
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_followers`), nil, "0")
}
