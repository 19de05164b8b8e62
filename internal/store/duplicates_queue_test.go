// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// twins is a database in which A and B, C and D, E and F are probably one.
func twins(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT id, jsonb_build_object('name', name, 'lastname', lastname, 'dob', born, 'gender', 'f') FROM (VALUES
		('A', 'Wilhelmina', 'Quackenbush', '1985-10-04'), ('B', 'Wilhelmina', 'Quackenbush', '1985-10-04'),
		('C', 'Philippa', 'Zimmermann', '1990-01-02'), ('D', 'Philippa', 'Zimmermann', '1990-01-02'),
		('E', 'Guendalina', 'Xerxes', '1970-12-24'), ('F', 'Guendalina', 'Xerxes', '1970-12-24')) AS p (id, name, lastname, born)`)
	return db
}

func fillQueue(t *testing.T, db *testdb.DB) {
	t.Helper()
	ran, err := db.QueueDuplicates(t.Context(), func(store.DuplicatesPart) {})
	if err != nil || !ran {
		t.Fatalf("the queue is not filled: %v, %v", ran, err)
	}
}

// queue is the whole queue, read in parts of one pair.
func queue(t *testing.T, db *testdb.DB) string {
	t.Helper()
	var all []string
	part := store.Keyset[store.DuplicateKey]{Limit: 1}
	for more := true; more; {
		var found []store.SuspectedPair
		var err error
		found, more, err = store.DuplicateView(db.For(fed.Operator)).SuspectedPairs(t.Context(), part)
		must(t, err)
		for _, pair := range found {
			all = append(all, pair.Person.ID+pair.Other.ID)
			place, ok := store.ParseDuplicateKey(pair.Key.Format())
			if !ok || place != pair.Key {
				t.Errorf("the place %+v is read as %+v", pair.Key, place)
			}
			part.After = &place
		}
	}
	return strings.Join(all, " ")
}

// decided are the pairs that were decided, the last one first.
func decided(t *testing.T, db *testdb.DB) string {
	t.Helper()
	found, _, err := store.DuplicateView(db.For(fed.Operator)).DecidedPairs(t.Context(), store.Keyset[store.DuplicateKey]{Limit: 25})
	must(t, err)
	var all []string
	for _, pair := range found {
		all = append(all, fmt.Sprintf("%s%s %s by %s", pair.Person.ID, pair.Other.ID, pair.Decided, pair.Account))
	}
	return strings.Join(all, ", ")
}

func TestAQueueHasThePairsThatAreToBeDecided(t *testing.T) {
	t.Parallel()
	db := twins(t)
	fillQueue(t, db)
	db.Exec(`UPDATE thalamus_duplicates SET doubt = CASE person WHEN 'A' THEN 0.01 WHEN 'C' THEN 0.02 ELSE 0.03 END`)
	wantText(t, queue(t, db), nil, "AB CD EF")

	must(t, db.PostponePair(t.Context(), "A", "B"))
	wantText(t, queue(t, db), nil, "CD EF AB")
	must(t, db.DecidePair(t.Context(), doctor, "C", "D", true))
	must(t, db.DecidePair(t.Context(), doctor, "E", "F", false))
	wantText(t, queue(t, db), nil, "AB")
	wantText(t, decided(t, db), nil, "EF apart by DR, CD same by DR")
	wantText(t, linksOf(t, db, "C")+linksOf(t, db, "E"), nil, "=D!F")

	fillQueue(t, db)
	wantText(t, queue(t, db), nil, "AB")
	must(t, db.ReopenPair(t.Context(), "E", "F"))
	wantText(t, queue(t, db), nil, "EF AB")
	wantText(t, decided(t, db), nil, "CD same by DR")
	wantText(t, linksOf(t, db, "E"), nil, "")
	must(t, db.ReopenPair(t.Context(), "A", "B"))
}

// What is done to a pair twice, or to two persons who are none, changes no other decision.
func TestADecisionStaysAsItWasMade(t *testing.T) {
	t.Parallel()
	db := twins(t)
	fillQueue(t, db)
	must(t, db.DecidePair(t.Context(), doctor, "C", "D", true))
	must(t, db.DecidePair(t.Context(), doctor, "E", "F", false))
	const made = "EF apart by DR, CD same by DR"

	must(t, db.DecidePair(t.Context(), fed.Write{Account: "NURSE"}, "C", "D", true))
	must(t, db.ReopenPair(t.Context(), "C", "F"))
	wantText(t, decided(t, db), nil, made)

	must(t, db.PostponePair(t.Context(), "E", "F"))
	must(t, db.ReopenPair(t.Context(), "E", "F"))
	const of = ` FROM thalamus_duplicates WHERE person = 'E'`
	wantText(t, db.Text(`SELECT concat_ws(' ', postponed, account, time)`+of), nil, "0")
}

// What is not so any more goes: other data, a link over the API, a person who is gone. A decision that was
// taken back over the API is to be made again.
func TestAQueueThatIsFilledAnewIsTrue(t *testing.T) {
	t.Parallel()
	db := twins(t)
	fillQueue(t, db)
	_, _, err := db.Link(t.Context(), doctor, "A", "B", false)
	must(t, err)
	wantText(t, queue(t, db), nil, "CD EF")
	db.Exec(`UPDATE people SET data = '{"name": "Somebody", "lastname": "Else", "dob": "1950-01-01"}' WHERE id = 'D'`)
	db.Exec(`DELETE FROM people WHERE id = 'F'`)
	wantText(t, db.Text(`SELECT string_agg(person, '' ORDER BY person) FROM thalamus_duplicates`), nil, "AC")
	fillQueue(t, db)
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_duplicates`), nil, "0")

	must(t, db.Unlink(t.Context(), "A", "B"))
	fillQueue(t, db)
	must(t, db.DecidePair(t.Context(), doctor, "A", "B", true))
	must(t, db.Unlink(t.Context(), "A", "B"))
	fillQueue(t, db)
	wantText(t, queue(t, db), nil, "AB")
	wantText(t, decided(t, db), nil, "")
}

// One program at a time fills the queue, and a decision that is made meanwhile stays.
func TestTwoProgramsDoNotFillTheQueueAtOnce(t *testing.T) {
	t.Parallel()
	db := twins(t)
	fillQueue(t, db)
	var second bool
	ran, err := db.QueueDuplicates(t.Context(), func(store.DuplicatesPart) {
		if second {
			return
		}
		second = true
		again, err := db.QueueDuplicates(t.Context(), func(store.DuplicatesPart) {})
		if again || err != nil {
			t.Errorf("a second one ran: %v, %v", again, err)
		}
		must(t, db.DecidePair(t.Context(), doctor, "A", "B", false))
	})
	if err != nil || !ran || !second {
		t.Errorf("the first one: %v, %v", ran, err)
	}
	wantText(t, decided(t, db), nil, "AB apart by DR")
}

// A site may end transactions that are idle for long. That of the lock is, as long as pairs are looked for.
func TestFillingTheQueueMayTakeItsTime(t *testing.T) {
	t.Parallel()
	db := twins(t)
	db.Exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = 200', current_database()); END $$`)
	filling := testdb.At(t, db.URL)
	ran, err := filling.QueueDuplicates(t.Context(), func(store.DuplicatesPart) {
		younger := testdb.Connect(t, db.URL)
		_, err := younger.Exec(t.Context(), `BEGIN`)
		must(t, err)
		_, err = younger.WaitForNotification(t.Context())
		if err == nil {
			t.Error("a transaction that is idle goes on")
		}
	})
	if err != nil || !ran {
		t.Errorf("got %v, %v", ran, err)
	}
}

func TestAPlaceInAQueueIsReadStrictly(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "1", "1/2/3", "x/0/A/B", "1/x/A/B", "-5/0/A/B", "9223372036854775807/0/A/B", "1/0/A/B/C"} {
		if key, ok := store.ParseDuplicateKey(text); ok {
			t.Errorf("%q is read as %+v", text, key)
		}
	}
	late := store.DuplicateKey{Moment: time.Now().UnixMicro(), Doubt: 0.1 + 0.2, Person: "A/1", Other: "B%2F"}
	if got, ok := store.ParseDuplicateKey(late.Format()); !ok || got != late {
		t.Errorf("%+v is read as %+v", late, got)
	}
}
