// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var cursorRule = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

func TestATextThatIsNoCursorIsRefused(t *testing.T) {
	t.Parallel()
	raw := func(bytes ...byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }
	for _, text := range []string{
		"", "a", "0", "now", "==", "AAAA", "\x00", "é", strings.Repeat("A", 100_000), store.Cursor{}.String() + "=", store.Cursor{}.String() + "A",
		raw(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), raw(1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		raw(1, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), raw(1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 128, 0, 0, 0),
		store.Cursor{}.String()[:18] + "B", // bits that mean nothing
	} {
		if _, err := store.ParseCursor(text); err == nil || fed.KindOf(err) != fed.Invalid {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// reread gives a cursor as a client brings it back.
func reread(t *testing.T, c store.Cursor) store.Cursor {
	t.Helper()
	text := c.String()
	again, err := store.ParseCursor(text)
	if err != nil || again != c || !cursorRule.MatchString(text) {
		t.Errorf("%+v is %q and then %+v, %v", c, text, again, err)
	}
	return again
}

// fill makes n units and gives a cursor behind each.
func fill(t *testing.T, db *testdb.DB, n int) (cursors []store.Cursor) {
	t.Helper()
	for i := range n {
		db.Exec(`INSERT INTO dus (id, data) VALUES ($1, '{}')`, fmt.Sprint("u", i))
		page := read(t, db, since(store.Cursor{}))
		cursors = append(cursors, reread(t, page.Next))
	}
	return cursors
}

func since(c store.Cursor) feedRequest {
	q := overseer()
	q.After = c
	return q
}

func wantGone(t *testing.T, db *testdb.DB, c store.Cursor) {
	t.Helper()
	page, err := db.For(fed.Operator).Changes(t.Context(), since(c).FeedQuery)
	if err == nil {
		t.Errorf("%+v gave %q", c, changeLines(page.Changes))
		return
	}
	wantKind(t, err, fed.Gone)
}

func TestACursorOfAnotherDatabaseOrOfTheFutureIsGone(t *testing.T) {
	t.Parallel()
	db, other := testdb.New(t), testdb.New(t)
	mine, others := fill(t, db, 3), fill(t, other, 4)
	for _, c := range others {
		wantGone(t, db, c)
	}
	for i, c := range mine {
		if page := read(t, db, since(c)); len(page.Changes) != 2-i {
			t.Errorf("%d changes after cursor %d", len(page.Changes), i)
		}
	}
	begun := read(t, testdb.New(t), overseer()).Next // of a feed without changes
	if page := read(t, db, since(reread(t, begun))); len(page.Changes) != 3 {
		t.Errorf("%d changes from the beginning", len(page.Changes))
	}
}

// The end of the feed before a recovery is gone with its changes; those that come after
// it have other tags.
func TestAChangeThatWasLostInARecoveryIsNotTakenForAnother(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	before := fill(t, db, 3)
	db.Exec(`DELETE FROM thalamus_feed WHERE position > 1;
		UPDATE thalamus_feed_state SET position = 1, tag = (SELECT tag FROM thalamus_feed), high = (SELECT seq FROM thalamus_feed)`)
	wantGone(t, db, before[1])
	read(t, db, since(before[0])) // publishes both again
	wantGone(t, db, before[1])
	wantGone(t, db, before[2])
}

// overtake makes changes whose older ones can be cut: of unit u1 twice, between
// others of u0 and u2.
func overtake(t *testing.T, db *testdb.DB) (cursors []store.Cursor) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO dus (id, data) VALUES ('u0', '{}')`, `INSERT INTO dus (id, data) VALUES ('u1', '{"n": 1}')`,
		`UPDATE dus SET data = '{"n": 2}' WHERE id = 'u1'`, `INSERT INTO dus (id, data) VALUES ('u2', '{}')`,
		`UPDATE dus SET data = '{"n": 3}' WHERE id = 'u1'`, `INSERT INTO dus (id, data) VALUES ('u3', '{}')`,
	} {
		db.Exec(sql)
		cursors = append(cursors, reread(t, read(t, db, since(store.Cursor{})).Next))
	}
	return cursors
}

func TestCutChangesMakeOlderCursorsGone(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	cursors := overtake(t, db)
	if gone, err := db.CutFeed(t.Context(), time.Now().Add(time.Hour)); gone != 2 || err != nil {
		t.Fatalf("cut %d, %v", gone, err)
	}
	for _, c := range cursors[:3] { // up to the last one that was cut
		wantGone(t, db, c)
	}
	wantChanges(t, "the others", read(t, db, since(cursors[3])), `update unit u1 3 {"n": 3}`, `create unit u3 1 {}`)
	if page := read(t, db, since(cursors[5])); len(page.Changes) != 0 || page.Next != cursors[5] {
		t.Errorf("at the end: %q", changeLines(page.Changes))
	}
	if gone, err := db.CutFeed(t.Context(), time.Now().Add(time.Hour)); gone != 0 || err != nil {
		t.Errorf("cut %d again, %v", gone, err)
	}
}

// A reader that begins when changes were cut already misses none that matters, however
// slow it is, and whatever is cut meanwhile.
func TestAReaderThatBeginsAmongCutChangesIsNeverGone(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	overtake(t, db)
	cut := func() {
		t.Helper()
		if _, err := db.CutFeed(t.Context(), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	cut()
	q := since(store.Cursor{})
	q.Limit = 1
	first := read(t, db, q)
	wantChanges(t, "first", first, `create unit u0 1 {}`)
	db.Exec(`UPDATE dus SET data = '{"n": 2}' WHERE id = 'u0'`)
	read(t, db, overseer())
	cut() // its own change goes, too
	q.After = reread(t, first.Next)
	second := read(t, db, q)
	wantChanges(t, "second", second, `create unit u2 1 {}`)
	q.After, q.Limit = reread(t, second.Next), 10
	last := read(t, db, q)
	wantChanges(t, "last", last, `update unit u1 3 {"n": 3}`, `create unit u3 1 {}`, `update unit u0 2 {"n": 2}`)
	db.Exec(`UPDATE dus SET data = '{"n": 4}' WHERE id = 'u0'`)
	db.Exec(`UPDATE dus SET data = '{"n": 5}' WHERE id = 'u0'`)
	read(t, db, overseer())
	cut()
	wantGone(t, db, reread(t, last.Next)) // it had caught up
}

func TestFromNowOnIsAfterAllThatIsThere(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	cursors := fill(t, db, 2)
	end, err := db.FeedEnd(t.Context())
	if err != nil || end.String() != cursors[1].String() {
		t.Errorf("%+v, %v", end, err)
	}
	db.Exec(`UPDATE dus SET data = '{"n": 1}' WHERE id = 'u0'`)
	wantChanges(t, "then", read(t, db, since(end)), `update unit u0 2 {"n": 1}`)
}

func TestRetentionKeepsWhatIsYoung(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO dus (id, data) SELECT n, '{}' FROM generate_series(1, 2500) AS n`)
	db.Exec(`UPDATE dus SET data = '{"n": 1}'`)
	read(t, db, overseer())
	if gone, err := db.CutFeed(t.Context(), time.Now().Add(-time.Hour)); gone != 0 || err != nil {
		t.Errorf("cut %d, %v", gone, err)
	}
	errs := atOnce(3, func(int) error {
		_, err := db.CutFeed(t.Context(), time.Now().Add(time.Hour))
		return err
	})
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if left := db.Text(`SELECT count(*)::text FROM thalamus_feed`); left != "2500" {
		t.Errorf("%s are left", left)
	}
}

// After a recovery the feed may end at the very position where a cursor stands, and the change
// there may be gone. The end itself says whether it is the same.
func TestACursorAtTheVeryEndIsTheEndsOnlyWithItsTag(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	before := fill(t, db, 2)
	db.Exec(`DELETE FROM thalamus_feed WHERE position = 2; UPDATE thalamus_feed_state SET position = 1,
		tag = (SELECT tag FROM thalamus_feed WHERE position = 1), high = (SELECT seq FROM thalamus_feed WHERE position = 1)`)
	again := reread(t, read(t, db, since(store.Cursor{})).Next) // publishes the second anew
	for range 2 {
		wantGone(t, db, before[1])
		if page := read(t, db, since(again)); len(page.Changes) != 0 || page.Next != again {
			t.Errorf("at the end: %+v", page)
		}
		db.Exec(`DELETE FROM thalamus_feed`)
	}
}

// A place whose change was erased has its tag still, or is the end.
func TestACursorOutlastsTheChangeBeforeIt(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	cursors := fill(t, db, 2)
	db.Exec(`UPDATE thalamus_feed SET seq = 0`)
	for _, c := range cursors {
		wantChanges(t, "emptied", read(t, db, since(c)))
	}
	db.Exec(`DELETE FROM thalamus_feed`)
	wantChanges(t, "removed", read(t, db, since(cursors[1])))
}
