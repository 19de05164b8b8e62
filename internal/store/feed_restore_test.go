// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"path/filepath"
	"testing"

	"thalamus/internal/localpg"
	"thalamus/internal/testdb"
	"thalamus/internal/testdir"
)

// feedCursors lists the places of the feed as a reader knows them.
const feedCursors = `SELECT COALESCE(string_agg(concat_ws(' ', position, tag, seq), ', ' ORDER BY position), '')
	FROM thalamus_feed WHERE position <= $1`

// burn uses n transaction ids up.
const burn = `DO $$ BEGIN FOR i IN 1..6000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$`

// burnToMark uses up those that the feed knows, however many tests have used before.
const burnToMark = `DO $$ BEGIN WHILE pg_current_xact_id() <= (SELECT mark FROM thalamus_feed_state) LOOP COMMIT; END LOOP; END $$`

// In a new cluster transactions have other ids, and some of the old ones again.
func TestARestoredDatabaseGoesOnWithTheFeed(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(burn)
	open := beforeTheLoss(t, db)
	db.Exec(`INSERT INTO dus VALUES ('d', '{}')`)
	db.Exec(`UPDATE dus SET data = '{"n": 1}' WHERE id = 'a'`)
	cursors, dump := db.Text(feedCursors, 3), filepath.Join(t.TempDir(), "dump")
	program(t, db.URL, "pg_dump", "--format=custom", "--file="+dump, "--dbname="+db.URL)
	open("COMMIT")
	cluster := startCluster(t, testdir.New(t))
	for _, to := range []string{"below", "above"} {
		testdb.Exec(t, cluster.URL("postgres"), `CREATE DATABASE `+to)
		url := cluster.URL(to)
		program(t, db.URL, "pg_restore", "--exit-on-error", "--dbname="+url, dump)
		url = on(testdb.Schema, url)
		if to == "above" {
			testdb.Exec(t, url, burnToMark)
		}
		wantText(t, testdb.Text(t, url, `SELECT CASE WHEN mark > pg_current_xact_id() THEN 'below' ELSE 'above' END FROM thalamus_feed_state`), nil, to)
		afterTheLoss(t, url, "d1 a2 ")
		wantText(t, testdb.Text(t, url, feedCursors, 3), nil, cursors)
	}
}

// beforeTheLoss publishes a, b and c, while a transaction that came before c is open.
func beforeTheLoss(t *testing.T, db *testdb.DB) (end func(how string)) {
	t.Helper()
	db.Exec(`INSERT INTO dus VALUES ('a', '{}'), ('b', '{}')`)
	end = db.Hold(`INSERT INTO dus SELECT 'open' || i FROM generate_series(1, 3) AS i`)
	db.Exec(`INSERT INTO dus VALUES ('c', '{}')`)
	wantText(t, feedLog(t, db.URL, 0), nil, "a1 b1 c1")
	return end
}

// afterTheLoss writes as psql would, before and after the first publication, and
// holds what the feed has after c against what was written.
func afterTheLoss(t *testing.T, url, unpublished string) {
	t.Helper()
	db := testdb.At(t, url)
	db.Exec(`INSERT INTO dus VALUES ('e', '{}')`)
	late := db.Hold(`INSERT INTO dus VALUES ('late', '{}')`)
	db.Exec(`UPDATE dus SET data = '{"n": 2}' WHERE id = 'b'`)
	for _, id := range []string{"f", "g", "h"} {
		publishAll(t, url)
		db.Exec(`INSERT INTO dus VALUES ($1, '{}')`, id)
	}
	publishAll(t, url)
	wantText(t, db.Text(`SELECT (mark < pg_current_xact_id())::text FROM thalamus_feed_state`), nil, "true")
	late("COMMIT")
	wantText(t, feedLog(t, url, 3), nil, unpublished+"e1 b2 f1 g1 h1 late1")
	wantText(t, db.Text(`SELECT concat_ws(' ', count(*), count(DISTINCT position), count(DISTINCT seq), max(position)) FROM thalamus_feed`), nil,
		db.Text(`SELECT concat_ws(' ', n, n, n, n) FROM (SELECT count(*) AS n FROM thalamus_changes) AS c`))
	awaitPublished(t, db, `gaps = '{}' AND old_gaps = '{}'`)
}

func startCluster(t *testing.T, dir string) *localpg.Server {
	t.Helper()
	return startWith(t, localpg.Options{Dir: dir, Unsafe: true})
}

// startSafe starts a cluster whose commits wait for what they are to wait for.
func startSafe(t *testing.T, dir string) (url string) {
	t.Helper()
	return startWith(t, localpg.Options{Dir: dir}).URL("postgres")
}

func startWith(t *testing.T, o localpg.Options) *localpg.Server {
	t.Helper()
	o.Keep = testdb.Keep()
	s, err := localpg.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}
