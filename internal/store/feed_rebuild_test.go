// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/testdb"
)

// feedLive is what there is now, feedRebuilt what a follower holds who has read up to a
// position: of each record its newest change there. After a change the record is as
// the next change found it, or as it is now.
const (
	feedLive = `SELECT 'person' AS resource, id, id AS person, CASE WHEN jsonb_typeof(data) = 'object' THEN data - 'password' ELSE data END AS data FROM people
		UNION ALL SELECT 'page', id, book, data FROM pols
		UNION ALL SELECT 'document', id, fedacct, data FROM personal_docs
		UNION ALL SELECT 'unit', id, NULL, data FROM dus
		UNION ALL SELECT 'institution', id, NULL, data FROM institutions`
	feedRebuilt = `SELECT * FROM (
		SELECT DISTINCT ON (c.resource, c.id) c.resource, c.id, c.person, c.operation,
			CASE WHEN next.seq IS NULL THEN live.data ELSE next.before END AS data
		FROM thalamus_feed AS f JOIN thalamus_changes AS c USING (seq)
			LEFT JOIN LATERAL (SELECT seq, before FROM thalamus_changes AS n WHERE n.id = c.id AND n.resource = c.resource
				AND n.part = 0 AND n.version > c.version ORDER BY n.version LIMIT 1) AS next ON true
			LEFT JOIN (` + feedLive + `) AS live ON live.id = c.id AND live.resource = c.resource
		WHERE f.position <= $1 ORDER BY c.resource, c.id, f.position DESC) AS newest WHERE operation <> 'delete'`
	feedLines = `SELECT COALESCE(string_agg(concat_ws('|', resource, id, COALESCE(person, '-'), COALESCE(data::text, 'NULL')), E'\n' ORDER BY resource, id), '') FROM (`
)

func rebuilt(t *testing.T, db *testdb.DB, position string) string {
	t.Helper()
	return db.Text(feedLines+feedRebuilt+`) AS r`, position)
}

func lastPosition(t *testing.T, db *testdb.DB) string {
	t.Helper()
	publishAll(t, db.URL)
	return db.Text(`SELECT position::text FROM thalamus_feed_state`)
}

func TestAFollowerOfThePythonServersDatabaseEndsWithTheSameRecords(t *testing.T) {
	t.Parallel()
	db := pythonDatabase(t)
	db.Exec(`INSERT INTO people VALUES ('PW', '{"id": "PW", "password": "planted", "x": 1.10}')`)
	db.Exec(`INSERT INTO pols SELECT 'q' || i, 'PW', jsonb_build_object('i', i) FROM generate_series(1, 50) AS i`)
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := lastPosition(t, db)
	live := db.Text(feedLines + feedLive + `) AS r`)
	wantText(t, rebuilt(t, db, first), nil, live)
	wantText(t, first, nil, db.Text(`SELECT count(*)::text FROM (`+feedLive+`) AS r`))
	wantText(t, db.Text(pagesTooEarly), nil, "0")
	for _, sql := range []string{
		`UPDATE people SET data = data || '{"weight": 2.50, "password": "planted"}' WHERE id IN ('ESPGNU777ORG', 'PW')`,
		`UPDATE people SET data = '{}' WHERE id = 'odd id/ñ'`,
		`UPDATE pols SET data = data || '{"info": 1e1}' WHERE id <> 'q7'`,
		`UPDATE pols SET book = 'PW' WHERE id = 'p2'`,
		`DELETE FROM personal_docs`,
		`DELETE FROM pols WHERE id = 'q8'`,
		`INSERT INTO pols (id, book, data) VALUES ('q8', 'PW', '{"again": true}')`,
		`UPDATE dus SET data = '[]'`,
		`INSERT INTO institutions (id, data) VALUES ('i2', '{"n": 1.0}')`,
	} {
		db.Exec(sql)
	}
	wantText(t, rebuilt(t, db, first), nil, live)
	wantText(t, rebuilt(t, db, lastPosition(t, db)), nil, db.Text(feedLines+feedLive+`) AS r`))
}

// pagesTooEarly counts what is created before its person.
const pagesTooEarly = `SELECT count(*)::text FROM thalamus_feed AS f JOIN thalamus_changes AS c USING (seq)
	WHERE c.resource IN ('page', 'document') AND c.operation = 'create' AND c.person IS NOT NULL AND NOT EXISTS (
		SELECT FROM thalamus_feed AS e JOIN thalamus_changes AS p USING (seq)
		WHERE p.resource = 'person' AND p.id = c.person AND e.position < f.position)`

// cutAll forgets what may be forgotten, as retention does, from before a moment.
func cutAll(t *testing.T, db *testdb.DB, until string) (gone int) {
	t.Helper()
	conn := testdb.Connect(t, db.URL)
	for looked := 1; looked > 0; {
		n := 0
		if err := conn.QueryRow(t.Context(), `SELECT looked, gone FROM thalamus_cut($1::text::timestamptz)`, until).Scan(&looked, &n); err != nil {
			t.Fatal(err)
		}
		gone += n
	}
	return gone
}

func TestRetentionKeepsTheNewestChangeOfEachRecord(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	for _, sql := range []string{
		`DO $$ BEGIN FOR i IN 1..1200 LOOP UPDATE people SET data = data || jsonb_build_object('n', i) WHERE id = 'B'; END LOOP; END $$`,
		`UPDATE people SET data = data || '{"password": "x"}' WHERE id = 'A'`,
		`INSERT INTO dus VALUES ('once', '{}'), ('gone', '{}'), ('back', '{"v": 1}')`,
		`UPDATE dus SET data = '{"v": 2}' WHERE id <> 'once'`,
		`DELETE FROM dus WHERE id IN ('gone', 'back')`,
		`INSERT INTO dus VALUES ('back', '{"v": 4}')`,
	} {
		db.Exec(sql)
	}
	published := lastPosition(t, db)
	middle := db.Text(`SELECT clock_timestamp()::text`)
	db.Exec(`UPDATE dus SET data = '{"v": 5}' WHERE id = 'back'`)
	db.Exec(`UPDATE pols SET data = '{"v": 2}'`)
	if gone := cutAll(t, db, `-infinity`); gone != 0 {
		t.Errorf("%d changes from before all time are gone", gone)
	}
	gone := cutAll(t, db, middle)
	wantText(t, strconv.Itoa(gone), nil, strconv.Itoa(1200+2+4+1))
	wantText(t, db.Text(`SELECT horizon::text FROM thalamus_feed_state`), nil,
		db.Text(`SELECT max(p)::text FROM generate_series(1, $1::bigint) AS p WHERE NOT EXISTS (SELECT FROM thalamus_feed WHERE position = p)`, published))
	last := lastPosition(t, db)
	wantText(t, rebuilt(t, db, last), nil, db.Text(feedLines+feedLive+`) AS r`))
	wantText(t, feedLog(t, db.URL, 0), nil, "A1 B1201 once1 gone3 back5 12")
	wantText(t, strconv.Itoa(cutAll(t, db, `infinity`)), nil, "0")
	wantText(t, db.Text(`SELECT string_agg(concat_ws(' ', id, version, operation, before, person, db_user), ', ' ORDER BY seq) FROM thalamus_changes
		WHERE resource <> 'page' AND operation IN ('cut', 'password')`), nil, "B 1 cut, gone 1 cut, back 1 cut")
	cutAndBack(t, db)
}

// cutAndBack creates anew what was deleted and whose changes were forgotten.
func cutAndBack(t *testing.T, db *testdb.DB) {
	t.Helper()
	_, err := testdb.Connect(t, db.URL).Exec(t.Context(), `SET thalamus.recreate = 'off'; INSERT INTO dus VALUES ('gone', '{}')`)
	if pg := new(pgconn.PgError); !errors.As(err, &pg) || pg.Code != "TH410" {
		t.Errorf("creating a deleted id gave %v", err)
	}
	db.Exec(`INSERT INTO dus (id, version) VALUES ('gone', 2)`)
	db.Exec(`DELETE FROM dus WHERE id = 'back'`)
	db.Exec(`INSERT INTO dus (id, version) VALUES ('back', 7)`)
	wantText(t, db.Text(`SELECT string_agg(id || version, ' ' ORDER BY id) FROM dus`), nil, "back7 gone4 once1")
	wantText(t, rebuilt(t, db, lastPosition(t, db)), nil, db.Text(feedLines+feedLive+`) AS r`))
}
