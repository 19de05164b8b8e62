// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"testing"
	"time"

	"thalamus/internal/testdb"
)

// aged is a database with units, each of which has three changes, of as many days ago as
// the times say: the last is a day old.
func aged(t *testing.T, units int) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(fmt.Sprintf(`INSERT INTO dus (id, data) SELECT 'u' || n, '{}' FROM generate_series(1, %d) AS n`, units))
	db.Exec(`UPDATE dus SET data = '{"n": 2}'`)
	db.Exec(`UPDATE dus SET data = '{"n": 3}'`)
	db.Exec(`UPDATE thalamus_changes SET time = now() - CASE version WHEN 1 THEN interval '30 days' WHEN 2 THEN interval '20 days' ELSE interval '1 day' END`)
	read(t, db, overseer())
	return db
}

// days ago.
func days(n int) time.Time { return time.Now().AddDate(0, 0, -n) }

// wantCut fails the test unless retention cuts so many changes from before a time.
func wantCut(t *testing.T, db *testdb.DB, until time.Time, want int64) {
	t.Helper()
	gone, err := db.CutFeed(t.Context(), until)
	if gone != want || err != nil {
		t.Errorf("from before %v %d were cut, want %d: %v", until, gone, want, err)
	}
}

// wantKept fails the test unless the feed has these versions of u1, and the history no others.
func wantKept(t *testing.T, db *testdb.DB, want string) {
	t.Helper()
	got := db.Text(`SELECT string_agg(version::text, ' ' ORDER BY position) FROM thalamus_feed JOIN thalamus_changes USING (seq) WHERE id = 'u1'`)
	wantText(t, got, nil, want)
	past := db.Text(`SELECT string_agg(version::text, ' ' ORDER BY version) FROM thalamus_changes WHERE id = 'u1' AND operation <> 'cut'`)
	wantText(t, past, nil, want)
}

func TestRetentionFindsWhatBecomesOldLater(t *testing.T) {
	t.Parallel()
	db := aged(t, 1500)
	wantCut(t, db, days(40), 0)
	wantCut(t, db, days(25), 1500)
	wantKept(t, db, "2 3")
	wantCut(t, db, days(25), 0)
	wantCut(t, db, days(10), 1500)
	wantKept(t, db, "3")
	wantCut(t, db, days(0), 0) // the newest of each
}

func TestRetentionFindsAnOldChangeThatIsTheNewestNoMore(t *testing.T) {
	t.Parallel()
	db := aged(t, 2)
	wantCut(t, db, days(0), 4)
	db.Exec(`UPDATE dus SET data = '{"n": 4}' WHERE id = 'u1'`)
	db.Exec(`UPDATE dus SET data = '{"n": 5}' WHERE id = 'u1'`)
	wantCut(t, db, days(0).Add(-time.Second), 0) // a clock was set
	wantCut(t, db, days(0), 1+1)                 // the old one, and the one between, which is old at once
	wantKept(t, db, "5")
}

// The one between is younger than what is kept.
func TestRetentionKeepsAYoungChangeThatIsTheNewestNoMore(t *testing.T) {
	t.Parallel()
	db := aged(t, 2)
	wantCut(t, db, days(1).Add(time.Minute), 4)
	db.Exec(`UPDATE dus SET data = '{"n": 4}' WHERE id = 'u1'`)
	db.Exec(`UPDATE dus SET data = '{"n": 5}' WHERE id = 'u1'`)
	wantCut(t, db, days(1).Add(time.Hour), 1)
	wantKept(t, db, "4 5")
}

// Times are those of transactions, and not in the order of the feed.
func TestAnOldChangeBehindAYoungOneIsCutWhenThatIsOld(t *testing.T) {
	t.Parallel()
	db := aged(t, 1)
	db.Exec(`UPDATE thalamus_changes SET time = now() - interval '5 days' WHERE version = 1`)
	wantCut(t, db, days(10), 0)
	wantKept(t, db, "1 2 3")
	wantCut(t, db, days(4), 2)
	wantKept(t, db, "3")
}

func TestRetentionGoesOnWhereAKilledServerEnded(t *testing.T) {
	t.Parallel()
	db := aged(t, 1500)
	first := db.Text(`SELECT looked || ' ' || gone FROM thalamus_cut(now() - interval '10 days')`)
	wantText(t, first, nil, "1000 1000")
	end := db.Hold(`SELECT thalamus_cut(now() - interval '10 days')`) // which does not come to its end
	wantCut(t, db, days(10).Add(time.Second), 0)                      // one at a time
	end("ROLLBACK")
	wantCut(t, db, days(10).Add(2*time.Second), 2000)
	wantText(t, db.Text(`SELECT looked::text FROM thalamus_cut(now() - interval '10 days' + interval '3 s')`), nil, "0")
}

func TestRetentionLooksAtAllAnewWhenChangesAreKeptLonger(t *testing.T) {
	t.Parallel()
	db := aged(t, 1)
	wantCut(t, db, days(10), 2)
	db.Exec(`UPDATE dus SET data = '{"n": 4}' WHERE id = 'u1'`)
	db.Exec(`UPDATE thalamus_changes SET time = now() - interval '15 days' WHERE version = 3`)
	wantCut(t, db, days(20), 0)
	wantKept(t, db, "3 4")
	wantCut(t, db, days(14), 1)
	wantKept(t, db, "4")
}

func TestPasswordsChangesAreForgottenInPieces(t *testing.T) {
	t.Parallel()
	db := aged(t, 1)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"password": "x"}')`)
	db.Exec(`DO $$ BEGIN FOR i IN 1..1200 LOOP UPDATE people SET data = data || jsonb_build_object('password', i); END LOOP; END $$`)
	db.Exec(`UPDATE thalamus_changes SET time = now() - interval '20 days' WHERE part <> 0 AND seq % 2 = 0`)
	const left = `SELECT (count(*) FILTER (WHERE time < now() - interval '10 days')) || ' ' || count(*) FROM thalamus_changes WHERE part <> 0`
	wantText(t, db.Text(left), nil, "600 1200")
	wantCut(t, db, days(10), 2)
	wantText(t, db.Text(left), nil, "0 600")
}

func TestRetentionLeavesAReadOnlyDatabaseAlone(t *testing.T) {
	t.Parallel()
	db := aged(t, 1)
	readOnly := testdb.At(t, db.URL+"&default_transaction_read_only=on")
	wantCut(t, readOnly, days(10), 0)
	wantKept(t, db, "1 2 3")
}

// However large the history is, a piece reads by indexes.
func TestAPieceOfRetentionReadsNoTableFromOneEndToTheOther(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO thalamus_changes (resource, id, version, operation) SELECT 'unit', 'old' || n % 100000, 1 + n / 100000, 'update' FROM generate_series(0, 199999) AS n`)
	db.Exec(`INSERT INTO thalamus_feed (position, seq, tag) SELECT seq, seq, 1 FROM thalamus_changes`)
	db.Exec(`UPDATE thalamus_feed_state SET (position, high) = (SELECT max(seq), max(seq) FROM thalamus_changes)`)
	db.Exec(`INSERT INTO dus (id, data) SELECT 'u' || n, '{}' FROM generate_series(1, 2000) AS n`)
	read(t, db, overseer())
	db.Exec(`ANALYZE thalamus_changes, thalamus_feed`)
	for range 3 { // the second looks at the changes that supersede
		// over a connection of its own, whose counts nobody has begun
		got := testdb.Text(t, db.URL, `WITH cut AS MATERIALIZED (SELECT looked FROM thalamus_cut(now() + interval '1 hour'))
			SELECT COALESCE(string_agg(relname || ' ' || seq_scan, ', '), '') FROM cut, pg_stat_xact_user_tables
			WHERE seq_scan > 0 AND relname IN ('thalamus_changes', 'thalamus_feed')`)
		wantText(t, got, nil, "")
		db.Exec(`UPDATE dus SET data = data || '{"n": 3}' WHERE id LIKE 'u1%'`)
		db.Exec(`SELECT thalamus_publish()`)
	}
}
