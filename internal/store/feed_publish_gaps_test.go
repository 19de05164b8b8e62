// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"thalamus/internal/testdb"
)

// publishAll gives every committed change its position.
func publishAll(t *testing.T, url string) {
	t.Helper()
	const most = 1000 // batches; it must come to an end
	for range most {
		if testdb.Text(t, url, `SELECT thalamus_publish()::text`) == "0" {
			return
		}
	}
	t.Fatal("there is always more to publish")
}

// feedLog lists the feed after a position: id and version of each change.
func feedLog(t *testing.T, url string, after int) string {
	t.Helper()
	publishAll(t, url)
	return testdb.Text(t, url, `SELECT COALESCE(string_agg(c.id || c.version, ' ' ORDER BY f.position), '')
		FROM thalamus_feed AS f LEFT JOIN thalamus_changes AS c USING (seq) WHERE f.position > $1`, after)
}

// awaitPublished publishes until the feed's state is as it must become: other
// transactions, of other databases as well, may take their time.
func awaitPublished(t *testing.T, db *testdb.DB, condition string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn := testdb.Connect(t, db.URL)
	for ok := false; !ok; {
		if err := publishOnce(ctx, conn); err != nil {
			t.Fatal(err)
		}
		if err := conn.QueryRow(ctx, `SELECT `+condition+` FROM thalamus_feed_state`).Scan(&ok); err != nil {
			t.Fatalf("it never comes to %s: %v", condition, err)
		}
	}
}

func TestAPublisherThatHasWrittenLosesNobodysChange(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	publisher, older := testdb.Connect(t, db.URL), db.Hold(`INSERT INTO dus VALUES ('a')`)
	if _, err := publisher.Exec(t.Context(), `BEGIN; INSERT INTO dus VALUES ('b')`); err != nil {
		t.Fatal(err)
	}
	younger := db.Hold(`INSERT INTO dus VALUES ('c')`)
	db.Exec(`INSERT INTO dus VALUES ('d')`)
	if _, err := publisher.Exec(t.Context(), `SELECT thalamus_publish(); INSERT INTO dus VALUES ('e'); SELECT thalamus_publish(); COMMIT`); err != nil {
		t.Fatal(err)
	}
	older("ROLLBACK")
	for _, id := range []string{"f", "g", "h"} {
		db.Exec(`INSERT INTO dus VALUES ($1)`, id)
		publishAll(t, db.URL)
	}
	younger("COMMIT")
	wantText(t, feedLog(t, db.URL, 0), nil, "b1 d1 e1 f1 g1 h1 c1")
}

// With each change between them an open transaction's changes become a gap more. They
// are not looked for again and again, but found when it commits, with its latest ones.
func TestManyGapsOfALongTransactionAreFoundInOrderWhenItEnds(t *testing.T) {
	t.Parallel()
	const n = 3000
	db := testdb.New(t)
	db.Exec(`ALTER SEQUENCE thalamus_changes_seq_seq INCREMENT 2`)
	long, other := testdb.Connect(t, db.URL), db.Hold(`SELECT pg_current_xact_id()`)
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := long.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`BEGIN`)
	exec(`INSERT INTO dus VALUES ('t')`)
	db.Exec(`INSERT INTO dus VALUES ('o')`)
	awaitPublished(t, db, `old_gaps <> '{}' AND COALESCE(cardinality(open), 0) > 0`)
	exec(`INSERT INTO dus SELECT 't' || i || 'v' FROM generate_series(1, $1) AS i`, n)
	db.Exec(`SELECT setval('thalamus_changes_seq_seq', last_value - 2 * $1 + 3, false) FROM thalamus_changes_seq_seq`, n)
	db.Exec(`INSERT INTO dus SELECT 'o' || i || 'v' FROM generate_series(1, $1) AS i`, n)
	awaitPublished(t, db, `(gaps = '{}' OR pg_column_size(gaps) < 1000) AND old_gaps <> '{}' AND COALESCE(cardinality(open), 0) > 0`)
	other("ROLLBACK")
	publishAll(t, db.URL)
	before := db.Text(`SELECT position::text FROM thalamus_feed_state`)
	exec(`UPDATE dus SET data = '{}' WHERE id = 't7v'`)
	exec(`COMMIT`)
	publishAll(t, db.URL)
	wantText(t, db.Text(`SELECT count(*) || ' ' || count(DISTINCT seq) || ' ' || (SELECT position FROM thalamus_feed_state) - $1::bigint
		FROM thalamus_feed`, before), nil, fmt.Sprintf("%d %[1]d %d", 2*n+3, n+2))
	wantText(t, db.Text(`SELECT string_agg(c.version::text, ' ' ORDER BY f.position) FROM thalamus_feed AS f JOIN thalamus_changes AS c USING (seq)
		WHERE c.id = 't7v'`), nil, "1 2")
}

// The changes of a large transaction are left alone while it is open, even if nobody else
// writes.
func TestAnOpenTransactionsManyChangesAreNotGoneThroughEachTime(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO dus VALUES ('a')`)
	publishAll(t, db.URL)
	end := db.Hold(`INSERT INTO dus SELECT 't' || i FROM generate_series(1, 11000) AS i`)
	awaitPublished(t, db, `high = 11001 AND gaps = '{}' AND old_gaps = '{[2,11002)}' AND COALESCE(cardinality(open), 0) > 0`)
	db.Exec(`INSERT INTO dus VALUES ('b')`)
	wantText(t, feedLog(t, db.URL, 0), nil, "a1 b1")
	end("COMMIT")
	publishAll(t, db.URL)
	wantText(t, db.Text(`SELECT count(*) || ' ' || count(DISTINCT seq) FROM thalamus_feed`), nil, "11002 11002")
}

// A change that was rolled back is forgotten even if nobody writes any more.
func TestGapsOfARollbackGoWithoutAnotherChange(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	end := db.Hold(`INSERT INTO dus SELECT 't' || i FROM generate_series(1, 100) AS i`)
	db.Exec(`INSERT INTO dus VALUES ('a')`)
	publishAll(t, db.URL)
	const gaps = `SELECT (gaps = '{}' AND old_gaps = '{}')::text FROM thalamus_feed_state`
	wantText(t, db.Text(gaps), nil, "false")
	end("ROLLBACK")
	awaitPublished(t, db, `gaps = '{}' AND old_gaps = '{}'`)
	idle := db.Text(`SELECT xmin::text FROM thalamus_feed_state`)
	publishAll(t, db.URL)
	wantText(t, db.Text(`SELECT xmin::text FROM thalamus_feed_state`), nil, idle)
}

func TestATransactionWithMoreChangesThanABatchIsPublishedWhole(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, state := range []string{"below", "above"} {
		end := db.Hold(`INSERT INTO dus SELECT $1 || i FROM generate_series(1, 12000) AS i`, state)
		if state == "below" {
			db.Exec(`INSERT INTO dus VALUES ('a')`)
			publishAll(t, db.URL)
		}
		end("COMMIT")
		publishAll(t, db.URL)
	}
	wantText(t, db.Text(`SELECT count(*) || ' ' || max(position) || ' ' || count(DISTINCT seq) FROM thalamus_feed`), nil, "24001 24001 24001")
	wantText(t, db.Text(`SELECT count(*)::text FROM (SELECT seq < lag(seq) OVER (ORDER BY position) AS back FROM thalamus_feed WHERE position > 1) AS f WHERE back`), nil, "0")
}

// A database may have other defaults; a publisher then sees all, or fails, but
// doesn't spoil the order.
func TestPublishersOfOtherIsolationKeepTheOrder(t *testing.T) {
	t.Parallel()
	for _, level := range []string{"repeatable read", "serializable"} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			db := testdb.New(t)
			publisher := testdb.Connect(t, db.URL)
			exec := func(sql string) error {
				_, err := publisher.Exec(t.Context(), sql)
				return err
			}
			if err := errors.Join(exec(`SET default_transaction_isolation = '`+level+`'`), exec(`BEGIN`), exec(`SELECT count(*) FROM dus`)); err != nil {
				t.Fatal(err)
			}
			older := db.Hold(`INSERT INTO dus VALUES ('a')`)
			db.Exec(`INSERT INTO dus VALUES ('b')`)
			publishAll(t, db.URL)
			if err := exec(`SELECT thalamus_publish()`); err != nil {
				t.Errorf("with nothing to be seen: %v", err)
			}
			if err := errors.Join(exec(`ROLLBACK`), exec(`BEGIN`), exec(`SELECT count(*) FROM dus`)); err != nil {
				t.Fatal(err)
			}
			db.Exec(`INSERT INTO dus VALUES ('c')`)
			if err := errors.Join(exec(`ROLLBACK`), exec(`BEGIN`), exec(`SELECT count(*) FROM dus`)); err != nil {
				t.Fatal(err)
			}
			publishAll(t, db.URL)
			if err := exec(`SELECT thalamus_publish()`); err == nil {
				t.Error("it published again what it had not seen published")
			}
			if err := errors.Join(exec(`ROLLBACK`), exec(`SELECT thalamus_publish()`)); err != nil {
				t.Error(err)
			}
			older("COMMIT")
			if err := exec(`SELECT thalamus_publish()`); err != nil {
				t.Error(err)
			}
			wantText(t, feedLog(t, db.URL, 0), nil, "b1 c1 a1")
		})
	}
}

func TestTheSequenceOfChangesIsNotDrawnInAdvance(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	wantText(t, db.Text(`SELECT seqcache || ' ' || seqincrement FROM pg_sequence WHERE seqrelid = 'thalamus_changes_seq_seq'::regclass`), nil, "1 1")
}
