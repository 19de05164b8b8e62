// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// deletions gives what can be put back as "resource id person page".
func deletions(t *testing.T, db *testdb.DB, q store.DeletedQuery) (found []string) {
	t.Helper()
	must(t, db.For(fed.Operator).Deleted(t.Context(), q, func(d store.Deletion) error {
		text := fmt.Sprint(d.Resource, " ", d.ID)
		for _, of := range []*string{d.Person, d.Page} {
			if of != nil {
				text += " " + *of
			}
		}
		found = append(found, text)
		return nil
	}))
	return found
}

func TestDeletionsAreListedTheNewestFirst(t *testing.T) {
	t.Parallel()
	db := full(t)
	if found := deletions(t, db, store.DeletedQuery{}); len(found) != 0 {
		t.Errorf("of records that are there: %v", found)
	}
	deleteFull(db)
	want := []string{"institution i", "unit u", "person A A", "page 1 A", "document d A 1"}
	if found := deletions(t, db, store.DeletedQuery{}); !slices.Equal(found, want) {
		t.Errorf("got %v, want %v", found, want)
	}
	if found := deletions(t, db, store.DeletedQuery{Person: "A"}); !slices.Equal(found, want[2:]) {
		t.Errorf("of one person: %v", found)
	}
	if found := deletions(t, db, store.DeletedQuery{Person: "B"}); len(found) != 0 {
		t.Errorf("of another person: %v", found)
	}
	for since, want := range map[time.Duration]int{-time.Hour: 5, time.Hour: 0} {
		if found := deletions(t, db, store.DeletedQuery{Since: time.Now().Add(since)}); len(found) != want {
			t.Errorf("since %s: %v", since, found)
		}
	}
}

// The list says what Restore does, whatever became of a record.
func TestTheListHasTheRecordsThatCanBeRestored(t *testing.T) {
	t.Parallel()
	db := full(t)
	deleteFull(db)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{"id": "u", "again": true}')`)
	db.Exec(`INSERT INTO institutions (id, data) VALUES ('odd', '[1]'), ('null', NULL), ('twice', '{}')`)
	db.Exec(`DELETE FROM institutions WHERE id <> 'twice'`)
	db.Exec(`INSERT INTO institutions (id, data) VALUES ('i', '{}')`)
	db.Exec(`DELETE FROM institutions WHERE id = 'i'`) // for the second time
	db.Exec(`INSERT INTO people (id, data) VALUES ('GONE', '{"id": "GONE"}'), ('P', '{"id": "P", "password": "x"}')`)
	db.Exec(`UPDATE people SET data = data || '{"password": "y"}' WHERE id = 'P'`)
	db.Exec(`DELETE FROM people WHERE id IN ('GONE', 'P')`)
	if _, err := db.Erase(t.Context(), fed.Write{}, "GONE"); err != nil {
		t.Fatal(err)
	}
	found := deletions(t, db, store.DeletedQuery{})
	want := []string{"document d A 1", "institution i", "institution odd", "page 1 A", "person A A", "person P P"}
	if sorted := slices.Sorted(slices.Values(found)); !slices.Equal(sorted, want) {
		t.Fatalf("got %v, want %v", sorted, want)
	}
	for _, line := range found {
		words := strings.Fields(line)
		if _, err := db.Restore(t.Context(), nobody, fed.Resource(words[0]), words[1], ""); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if found := deletions(t, db, store.DeletedQuery{}); len(found) != 0 {
		t.Errorf("after they were put back: %v", found)
	}
}

// A piece of the list may have nothing in it, or be full.
func TestDeletionsAmongManyChangesAreListedOnce(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO dus (id, data) SELECT n, '{}' FROM generate_series(1, 2) AS n`)
	db.Exec(`DELETE FROM dus WHERE id = '1'`)
	db.Exec(`INSERT INTO institutions (id, data) SELECT n, '{}' FROM generate_series(1, 12000) AS n`)
	db.Exec(`DELETE FROM institutions WHERE id::int > 500`)
	found := deletions(t, db, store.DeletedQuery{})
	if len(found) != 11_501 || found[len(found)-1] != "unit 1" {
		t.Fatalf("%d, the last is %s", len(found), found[len(found)-1])
	}
	slices.Sort(found)
	if n := len(slices.Compact(found)); n != 11_501 {
		t.Errorf("%d different ones", n)
	}
}
