// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

const opens = `INSERT INTO thalamus_emergencies (id, person, account, purpose, reason, until) VALUES ($1, $2, $3, 'ETREAT', 'a good reason', clock_timestamp() + $4::interval)`

// openings are those of an account, as a request about A has them that began some time ago.
func openings(t *testing.T, db *testdb.DB, account string, ago time.Duration) string {
	t.Helper()
	found, err := db.Openings(t.Context(), store.OpeningQuery{Account: account, Person: "A", Begun: time.Now().Add(-ago)})
	must(t, err)
	return fmt.Sprint(found)
}

// Whether a server has heard of them or asks, they are the same.
func TestOpeningsAreOfAnAccountAndEnd(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(opens, "1", "A", "DR", "10 min")
	db.Exec(opens, "2", "B", "DR", "-10 s")
	db.Exec(opens, "3", "C", "DR", "-2 min")
	db.Exec(opens, "4", "A", "ELSE", "10 min")
	for _, hears := range []bool{false, true} {
		if hears {
			listen(t, db)
			testdb.Await(t, "nobody is guarded", func() bool { return !db.Guards("A") })
		}
		for _, c := range []struct {
			account string
			ago     time.Duration
			want    string
		}{
			{"DR", 0, "[{1 A}]"}, {"DR", 5 * time.Second, "[{1 A}]"}, {"DR", 30 * time.Second, "[{1 A} {2 B}]"},
			{"DR", time.Hour, "[{1 A} {2 B}]"}, {"ELSE", 0, "[{4 A}]"}, {"NOBODY", time.Hour, "[]"},
		} {
			if got := openings(t, db, c.account, c.ago); got != c.want {
				t.Errorf("hears %v: %s, %v ago: %s, want %s", hears, c.account, c.ago, got, c.want)
			}
		}
	}
}

func TestAnOpeningIsHeardOfWhoeverMakesIt(t *testing.T) {
	t.Parallel()
	db := newBook(t)
	listen(t, db)
	testdb.Await(t, "nobody is guarded", func() bool { return !db.Guards("A") })
	if got := openings(t, db, "DR", 0); got != "[]" {
		t.Errorf("before: %s", got)
	}
	db.Exec(opens, "1", "A", "DR", "10 min")
	testdb.Await(t, "it is heard of", func() bool { return openings(t, db, "DR", 0) == "[{1 A}]" })

	db.Exec(`ALTER TABLE thalamus_emergencies DISABLE TRIGGER thalamus_emergency_opened`)
	_, _, err := store.Emergencies(db.For(fed.Reader{Account: "OWN"})).Open(t.Context(), fed.Write{Account: "OWN"},
		store.Emergency{Person: "A", Purpose: "ETREAT", Reason: "a good reason"})
	must(t, err)
	if got := openings(t, db, "OWN", 0); got == "[]" {
		t.Error("this server does not know what it has opened")
	}

	db.Exec(opens, "2", "A", "OTHER", "10 min")
	if got := openings(t, db, "OTHER", 0); got != "[]" {
		t.Errorf("it is asked for: %s", got)
	}
	db.Exec(deniesAll, "A")
	testdb.Await(t, "A is guarded", func() bool { return db.Guards("A") })
	if got := openings(t, db, "OTHER", 0); got != "[{2 A}]" {
		t.Errorf("of a person about whom there are statements: %s", got)
	}
}
