// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

var (
	pastOfA   = store.HistoryQuery{Resource: "person", ID: "A", Person: "A", Global: true}
	pastOfOne = store.HistoryQuery{Resource: "page", ID: "1", Person: "A", Global: true}
)

// history gives "version.part operation data" of each change, and the end of the page.
func history(t *testing.T, db *testdb.DB, past store.HistoryQuery, page store.HistoryPage) (lines []string, next *store.HistoryKey) {
	t.Helper()
	page.More = func(last store.HistoryKey) { next = &last }
	err := db.For(fed.Operator).History(t.Context(), past, page, eager, func(e store.HistoryEntry) error {
		lines = append(lines, fmt.Sprintf("%d.%d %s %s", e.Version, e.Part, e.Operation, e.Data))
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return lines, next
}

func wantHistory(t *testing.T, db *testdb.DB, past store.HistoryQuery, want ...string) {
	t.Helper()
	got, _ := history(t, db, past, store.HistoryPage{})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%+v (-want +got)\n%s", past, diff)
	}
}

// sinceDeletion is what those see who may not see what was deleted.
func sinceDeletion(past store.HistoryQuery) store.HistoryQuery {
	past.Global = false
	return past
}

// lives makes person A, who is changed, deleted, and created again.
func lives(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	for _, sql := range []string{
		`INSERT INTO people (id, data) VALUES ('A', '{"n": 1, "password": "a"}')`,
		`UPDATE people SET data = data || '{"n": 2}'`,
		`UPDATE people SET data = data || '{"password": "b"}'`,
		`UPDATE people SET data = data || '{"n": 3, "password": "c"}'`,
		`DELETE FROM people`,
		`INSERT INTO people (id, data) VALUES ('A', '{"n": 6, "password": "d"}')`,
	} {
		db.Exec(sql)
	}
	return db
}

func TestAHistoryHasWhatTheRecordWasAfterEachChange(t *testing.T) {
	t.Parallel()
	db := lives(t)
	wantHistory(t, db, pastOfA, `5.0 create {"n": 6}`, `4.0 delete `,
		`3.1 password `, `3.0 update {"n": 3}`, `2.1 password `, `2.0 update {"n": 2}`, `1.0 create {"n": 1}`)
	wantHistory(t, db, sinceDeletion(pastOfA), `5.0 create {"n": 6}`)
}

func TestADeletionIsShownToThoseWhomItIsForOnly(t *testing.T) {
	t.Parallel()
	db := lives(t)
	db.Exec(`DELETE FROM people`)
	if got, _ := history(t, db, pastOfA, store.HistoryPage{}); len(got) != 8 {
		t.Errorf("got %q", got)
	}
	for _, past := range []store.HistoryQuery{sinceDeletion(pastOfA), pastOfOne, {Resource: "unit", ID: "A", Global: true}} {
		err := db.For(fed.Operator).History(t.Context(), past, store.HistoryPage{}, eager, func(store.HistoryEntry) error { return nil })
		wantKind(t, err, fed.NotFound)
	}
	stored, err := db.For(fed.Operator).Version(t.Context(), pastOfA, 5)
	wantText(t, stored.Record, err, `{"n": 6}`)
	_, err = db.For(fed.Operator).Version(t.Context(), sinceDeletion(pastOfA), 5)
	wantKind(t, err, fed.NotFound)
}

func TestAVersionIsTheRecordAsItWas(t *testing.T) {
	t.Parallel()
	db := lives(t)
	for version, want := range map[int64]string{1: `{"n": 1}`, 2: `{"n": 2}`, 3: `{"n": 3}`, 4: "", 5: `{"n": 6}`, 6: "", 1<<63 - 1: ""} {
		stored, err := db.For(fed.Operator).Version(t.Context(), pastOfA, version)
		if want == "" {
			wantKind(t, err, fed.NotFound)
			continue
		}
		if wantText(t, stored.Record, err, want); stored.Version != version {
			t.Errorf("version %d is said to be %d", version, stored.Version)
		}
	}
	_, err := db.For(fed.Operator).Version(t.Context(), sinceDeletion(pastOfA), 3)
	wantKind(t, err, fed.NotFound)
}

func TestPagesOfAHistoryStayWhileChangesArrive(t *testing.T) {
	t.Parallel()
	db := lives(t)
	whole, _ := history(t, db, pastOfA, store.HistoryPage{})
	for limit := 1; limit <= len(whole)+1; limit++ {
		var got []string
		page := store.HistoryPage{Limit: limit}
		for {
			lines, next := history(t, db, pastOfA, page)
			if got = append(got, lines...); next == nil {
				break
			}
			if len(lines) != limit {
				t.Fatalf("%d changes on a page of %d", len(lines), limit)
			}
			page.After = *next
			db.Exec(`UPDATE people SET data = data || jsonb_build_object('later', $1::text)`, fmt.Sprint(limit, next))
		}
		if diff := cmp.Diff(whole, got[len(got)-len(whole):]); diff != "" {
			t.Errorf("limit %d (-want +got)\n%s", limit, diff)
		}
	}
	behind := store.HistoryPage{After: store.HistoryKey{Version: 1}}
	if got, _ := history(t, db, pastOfA, behind); len(got) != 0 {
		t.Errorf("behind the oldest: %q", got)
	}
}

func TestAPageHasAHistoryInTheBookItIsOrWasIn(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	db.Exec(`UPDATE pols SET data = data || '{"n": 2}'`)
	db.Exec(`UPDATE pols SET book = 'B', data = '{"n": 3}'`)
	wantHistory(t, db, pastOfOne, `3.0 delete `, `2.0 update {"n": 2, "id": "1", "book": "A"}`, `1.0 create {"id": "1", "book": "A"}`)
	wantHistory(t, db, store.HistoryQuery{Resource: "page", ID: "1", Person: "B"}, `4.0 create {"n": 3}`)
	_, err := db.For(fed.Operator).Version(t.Context(), store.HistoryQuery{Resource: "page", ID: "1", Person: "B", Global: true}, 2)
	wantKind(t, err, fed.NotFound)
}

func TestChangesThatRetentionCutAreInNoHistory(t *testing.T) {
	t.Parallel()
	db := lives(t)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	db.Exec(`UPDATE dus SET data = '{"n": 2}'`)
	db.Exec(`SELECT thalamus_publish()`)
	db.Exec(`SELECT thalamus_cut(now() + interval '1 hour')`)
	wantHistory(t, db, pastOfA, `5.0 create {"n": 6}`)
	wantHistory(t, db, store.HistoryQuery{Resource: "unit", ID: "u"}, `2.0 update {"n": 2}`)
	for version := range int64(4) {
		_, err := db.For(fed.Operator).Version(t.Context(), pastOfA, version+1)
		wantKind(t, err, fed.NotFound)
	}
}

func TestARowThatWasNoObjectIsNoVersion(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, sql := range []string{
		`INSERT INTO people (id, data) VALUES ('A', NULL)`, `UPDATE people SET data = '"text"'`, `UPDATE people SET data = '{"n": 3}'`,
		`UPDATE people SET data = '[1]'`, `UPDATE people SET data = '{"n": 5}'`,
	} {
		db.Exec(sql)
	}
	wantHistory(t, db, pastOfA, `5.0 update {"n": 5}`, `4.0 update `, `3.0 update {"n": 3}`, `2.0 update `, `1.0 create `)
	for _, version := range []int64{1, 2, 4} {
		_, err := db.For(fed.Operator).Version(t.Context(), pastOfA, version)
		wantKind(t, err, fed.NotFound)
	}
}

func TestIdsThatCannotBeHaveNoHistory(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, id := range []string{"", "\x00", "\xff", strings.Repeat("x", 100_000), "' OR true --"} {
		past := store.HistoryQuery{Resource: "page", ID: id, Person: "A"}
		wantKind(t, db.For(fed.Operator).History(t.Context(), past, store.HistoryPage{}, eager, nil), fed.NotFound)
		_, err := db.For(fed.Operator).Version(t.Context(), past, 1)
		wantKind(t, err, fed.NotFound)
	}
}
