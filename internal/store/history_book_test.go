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

// historyLine is a change as these tests compare it.
func historyLine(resource fed.Resource, id string, e store.HistoryEntry) string {
	return fmt.Sprintf("%s %s %d.%d %s %s", resource, id, e.Version, e.Part, e.Operation, e.Data)
}

// singleHistories gives the histories of records one by one.
func singleHistories(t *testing.T, db *testdb.DB, past ...store.HistoryQuery) (lines []string) {
	t.Helper()
	for _, one := range past {
		err := db.For(fed.Operator).History(t.Context(), one, store.HistoryPage{}, eager, func(e store.HistoryEntry) error {
			lines = append(lines, historyLine(one.Resource, one.ID, e))
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	return lines
}

func bookHistory(t *testing.T, db *testdb.DB, person string, global bool) (lines []string) {
	t.Helper()
	err := db.For(fed.Operator).BookHistory(t.Context(), person, global, eager, func(e store.HistoryEntry) error {
		if e.Person == nil || *e.Person != person {
			t.Errorf("%s %s is said to be another's", e.Resource, e.ID)
		}
		lines = append(lines, historyLine(e.Resource, e.ID, e))
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return lines
}

func TestTheHistoryOfABookIsThatOfEachOfItsRecords(t *testing.T) {
	t.Parallel()
	db := lives(t)
	for _, sql := range []string{
		`INSERT INTO people (id, data) VALUES ('B', '{}')`,
		`INSERT INTO pols (id, book, data) SELECT 'page ' || n, CASE WHEN n % 3 = 0 THEN 'B' ELSE 'A' END, jsonb_build_object('n', n) FROM generate_series(1, 9) AS n`,
		`UPDATE pols SET data = data || '{"more": 1}' WHERE id < 'page 5'`,
		`UPDATE pols SET book = 'A' WHERE id = 'page 3'`,
		`DELETE FROM pols WHERE id IN ('page 7', 'page 8')`,
		`INSERT INTO pols (id, book, data) VALUES ('page 7', 'A', '{"born": "again"}')`,
	} {
		db.Exec(sql)
	}

	for _, global := range []bool{false, true} {
		past := []store.HistoryQuery{{Resource: fed.Person, ID: "A", Person: "A", Global: global}}
		for _, n := range []int{1, 2, 3, 4, 5, 7} {
			past = append(past, store.HistoryQuery{Resource: fed.Page, ID: fmt.Sprint("page ", n), Person: "A", Global: global})
		}
		if diff := cmp.Diff(singleHistories(t, db, past...), bookHistory(t, db, "A", global)); diff != "" {
			t.Errorf("global %v (-one by one +together)\n%s", global, diff)
		}
	}
	if got := bookHistory(t, db, "nobody", true); got != nil {
		t.Errorf("nobody has a history: %q", got)
	}
}

// A piece ends anywhere: within a record's changes, between two records, at records without any.
func TestALongHistoryOfABookComesWhole(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	db.Exec(`INSERT INTO pols (id, book, data) SELECT to_char(n, 'FM0000'), 'A', '{}' FROM generate_series(1, 1400) AS n`)
	db.Exec(`UPDATE pols SET data = '{"n": 2}' WHERE id BETWEEN '0700' AND '1100'`)
	for n := range 600 {
		db.Exec(`UPDATE pols SET data = jsonb_build_object('n', $1::int, 'text', repeat('x', 4000)) WHERE id = '0650'`, n)
	}
	db.Exec(`DELETE FROM thalamus_changes WHERE id BETWEEN '0002' AND '0600'`)

	lines := bookHistory(t, db, "A", false)
	if want := 1 + 1400 - 599 + 401 + 600; len(lines) != want {
		t.Errorf("%d changes, want %d", len(lines), want)
	}
	seen := map[string]bool{}
	for _, line := range lines {
		key, _, _ := strings.Cut(line, "{")
		if seen[key] {
			t.Errorf("twice: %s", key)
		}
		seen[key] = true
	}
}
