// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// Whoever is gone, on either side, is in no pair; another change of a person leaves the queue as it is.
func TestAPairGoesWithEitherOfItsPersons(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, left string }{
		"the first is deleted":        {`DELETE FROM people WHERE id = 'A'`, "CD EF"},
		"the second is deleted":       {`DELETE FROM people WHERE id = 'B'`, "CD EF"},
		"the first has another id":    {`UPDATE people SET id = 'Z' WHERE id = 'C'`, "AB EF"},
		"the second has another id":   {`UPDATE people SET id = 'Z' WHERE id = 'D'`, "AB EF"},
		"everybody is deleted":        {`DELETE FROM people`, ""},
		"the table is truncated":      {`TRUNCATE people, pols, personal_docs`, ""},
		"a person has other data":     {`UPDATE people SET data = data || '{"phone": "1"}' WHERE id IN ('A', 'B')`, "AB CD EF"},
		"a person has no data":        {`UPDATE people SET data = 'null' WHERE id = 'A'`, "CD EF"},
		"the other person is no data": {`UPDATE people SET data = 'null' WHERE id = 'B'`, "CD EF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := twins(t)
			db.Exec(`INSERT INTO thalamus_duplicates (person, other, doubt, found) VALUES ('A', 'B', 0.1, now()), ('C', 'D', 0.1, now()), ('E', 'F', 0.1, now())`)
			db.Exec(c.change)
			wantText(t, queue(t, db), nil, c.left)
			if !strings.Contains(c.change, "null") { // of whoever has no record now, the pair may be good again
				wantText(t, db.Text(`SELECT COALESCE(string_agg(person || other, ' ' ORDER BY person), '') FROM thalamus_duplicates`), nil, c.left)
			}
		})
	}
}

// Pairs of one moment and one probability are told apart by their persons, also where a part ends between them.
func TestPairsThatAreEquallyProbableComeOnceEach(t *testing.T) {
	t.Parallel()
	db := twins(t)
	db.Exec(`INSERT INTO thalamus_duplicates (person, other, doubt, found, decided, account, time)
		SELECT person, other, 0.1, now(), CASE WHEN person > 'B' THEN 'apart' END, 'DR', CASE WHEN person > 'B' THEN timestamptz '2026-05-31 10:00Z' END
		FROM (VALUES ('A', 'C'), ('A', 'B'), ('B', 'C'), ('A', 'D'), ('C', 'E'), ('C', 'D'), ('D', 'E'), ('C', 'F')) AS pair (person, other)`)
	wantText(t, queue(t, db), nil, "AB AC AD BC")
	wantText(t, decidedInParts(t, db), nil, "DE CF CE CD")

	db.Exec(`UPDATE thalamus_duplicates SET postponed = 5 WHERE person = 'A' AND other < 'D'`)
	db.Exec(`UPDATE thalamus_duplicates SET doubt = 0.01 WHERE other = 'D'`)
	db.Exec(`UPDATE thalamus_duplicates SET time = '2026-05-30 10:00Z' WHERE person = 'D'`)
	wantText(t, queue(t, db), nil, "AD BC AB AC")
	wantText(t, decidedInParts(t, db), nil, "CF CE CD DE")
}

// decidedInParts are the pairs that were decided, read in parts of one.
func decidedInParts(t *testing.T, db *testdb.DB) string {
	t.Helper()
	var all []string
	part := store.Keyset[store.DuplicateKey]{Limit: 1}
	for more := true; more && len(all) < 9; {
		found, further, err := store.DuplicateView(db.For(fed.Operator)).DecidedPairs(t.Context(), part)
		must(t, err)
		for _, pair := range found {
			all = append(all, pair.Person.ID+pair.Other.ID)
			part.After = &pair.Key
		}
		more = further
	}
	return strings.Join(all, " ")
}

// What was said meanwhile stands: of a pair that is decided nothing is put off, nor decided once more.
func TestADecisionIsNeitherPutOffNorOverwritten(t *testing.T) {
	t.Parallel()
	db := twins(t)
	fillQueue(t, db)
	must(t, db.DecidePair(t.Context(), doctor, "A", "B", true))
	must(t, db.PostponePair(t.Context(), "A", "B"))
	must(t, db.DecidePair(t.Context(), fed.Write{Account: "NURSE"}, "A", "B", true))
	wantText(t, decided(t, db), nil, "AB same by DR")
	wantText(t, db.Text(`SELECT sum(postponed)::text FROM thalamus_duplicates`), nil, "0")

	must(t, db.PostponePair(t.Context(), "C", "D"))
	wantText(t, db.Text(`SELECT string_agg(person || other, ' ') FROM thalamus_duplicates WHERE postponed > 0`), nil, "CD")
	must(t, db.ReopenPair(t.Context(), "A", "B"))
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_duplicates WHERE account IS NOT NULL OR time IS NOT NULL`), nil, "0")
}
