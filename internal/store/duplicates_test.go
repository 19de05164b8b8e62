// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"fmt"
	"strings"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/match"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// duplicates gives all pairs from a position on, with their scores; each is there once.
func duplicates(t *testing.T, db *testdb.DB) map[[2]string]float64 {
	t.Helper()
	pairs := map[[2]string]float64{}
	done := 0.0
	must(t, db.For(fed.Operator).Duplicates(t.Context(), "", func(found store.DuplicatesPart) error {
		gatherPairs(t, pairs, found)
		if found.Done < done || found.Done > 1 {
			t.Errorf("%v of it is done after %v", found.Done, done)
		}
		done = found.Done
		return nil
	}))
	if done != 1 {
		t.Errorf("it ends when %v of it is done", done)
	}
	return pairs
}

func gatherPairs(t *testing.T, pairs map[[2]string]float64, found store.DuplicatesPart) {
	t.Helper()
	for _, p := range found.Pairs {
		if _, known := pairs[[2]string{p.Person, p.Other}]; known || p.Person >= p.Other || p.Score < match.Threshold {
			t.Errorf("%+v, found before: %v", p, known)
		}
		pairs[[2]string{p.Person, p.Other}] = p.Score
	}
}

// A table that was written anew has a size, and no statistics of what is new in it.
func TestFrequentNamesAreKnownWithoutStatistics(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT n, jsonb_build_object('name', 'Ana' || n % 7, 'lastname', 'Betz' || n % 11) FROM generate_series(1, 2000) AS n`)
	db.Exec(`ANALYZE people`)
	with := len(duplicates(t, db))
	db.Exec(`DELETE FROM pg_statistic WHERE starelid = 'people'::regclass
		AND staattnum = (SELECT attnum FROM pg_attribute WHERE attrelid = 'people'::regclass AND attname = 'words')`)
	if without := len(duplicates(t, db)); with > 0 || without > 0 {
		t.Errorf("%d pairs with statistics, %d without", with, without)
	}
}

// matchOf gives the score of a person among the matches of another one, or 0.
func matchOf(t *testing.T, db *testdb.DB, person, other string) float64 {
	t.Helper()
	found, err := db.For(fed.Operator).Matches(t.Context(), person, 20)
	must(t, err)
	for _, p := range found {
		if p.Person != person {
			t.Errorf("%s: %+v", person, p)
		}
		if p.Other == other {
			return p.Score
		}
	}
	return 0
}

// A pair belongs to the first block that it shares, and which blocks there are
// depends on the frequencies.
func TestAListDoesNotGoOnAmongOtherFrequencies(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	alike(db, "ABCDEF")
	db.Exec(`INSERT INTO people (id, data) SELECT n, jsonb_build_object('name', 'N' || n) FROM generate_series(1, 1000) AS n; ANALYZE people`)
	position := ""
	must(t, db.For(fed.Operator).Duplicates(t.Context(), "", func(found store.DuplicatesPart) error { position = found.Position; return nil }))
	must(t, db.For(fed.Operator).Duplicates(t.Context(), position, func(store.DuplicatesPart) error { return nil }))
	db.Exec(`INSERT INTO people (id, data) SELECT 'w' || n, '{"name": "Wilhelmina"}' FROM generate_series(1, 100) AS n; ANALYZE people`)
	wantKind(t, db.For(fed.Operator).Duplicates(t.Context(), position, nil), fed.Invalid)
}

// alike are pairs of records of one person: A and B, C and D, ...
func alike(db *testdb.DB, ids string) {
	for n := 0; n+1 < len(ids); n += 2 {
		person := `{"name": "Wilhelmina` + ids[n:n+2] + `", "lastname": "Quispe` + ids[n:n+2] + `", "dob": "1972-09-1` + fmt.Sprint(n) + `", "gender": "f"}`
		db.Exec(`INSERT INTO people (id, data) SELECT id, $2::jsonb || jsonb_build_object('id', id) FROM unnest($1::text[]) AS id`,
			strings.Split(ids[n:n+2], ""), person)
	}
}

func TestASettledPairIsNotOfferedAgain(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	alike(db, "ABCDEF")
	db.Exec(`INSERT INTO people (id, data) SELECT 'X', data FROM people WHERE id = 'E'`)
	if pairs := duplicates(t, db); len(pairs) != 5 {
		t.Errorf("got %v", pairs)
	}
	if found, err := db.For(fed.Operator).Matches(t.Context(), "F", 1); len(found) != 1 || err != nil || found[0].Other != "E" {
		t.Errorf("%v, %v", found, err)
	}
	say(t, db, "A=B", "D!C", "E=F", "X!F")
	if pairs := duplicates(t, db); len(pairs) != 0 {
		t.Errorf("got %v", pairs)
	}
	for _, id := range []string{"A", "B", "C", "D", "E", "F", "X"} { // X is not E, as E is F
		if found, err := db.For(fed.Operator).Matches(t.Context(), id, 20); len(found) > 0 || err != nil {
			t.Errorf("%s: %v, %v", id, found, err)
		}
	}
}

// That somebody is one person does not say which others this one is.
func TestALinkedPersonIsStillOfferedToOthers(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	alike(db, "ABCDEF")
	db.Exec(`INSERT INTO people (id, data) SELECT 'X', data FROM people WHERE id = 'E'`)
	say(t, db, "A=B", "C!D", "E=F")
	pairs := duplicates(t, db)
	for _, pair := range [][2]string{{"E", "X"}, {"F", "X"}} {
		if pairs[pair] == 0 || matchOf(t, db, pair[0], pair[1]) == 0 || matchOf(t, db, pair[1], pair[0]) == 0 {
			t.Errorf("%v is not in %v, or no match", pair, pairs)
		}
	}
	if len(pairs) != 2 {
		t.Errorf("got %v", pairs)
	}
}

// Each pair is found in one way only.
func TestEachWayToAMatchIsTaken(t *testing.T) {
	t.Parallel()
	for way, pair := range map[string][2]string{
		"the same date":            {`{"name": "Zacharias", "lastname": "Quintero", "du": "D", "dob": "1881-02-03"}`, `{"name": "Zahcarias", "lastname": "Quintreo", "du": "D", "dob": "1881-02-03"}`},
		"day and month swapped":    {`{"name": "Zacharias", "lastname": "Quintero", "dob": "1881-02-12"}`, `{"name": "Zahcarias", "lastname": "Quintero", "dob": "1881-12-02"}`},
		"another digit":            {`{"name": "Zacharias Wilibald", "lastname": "Quintero", "dob": "1881-02-03"}`, `{"name": "Zahcarias Wiliblad", "lastname": "Quintero", "dob": "1881-02-04"}`},
		"digits transposed":        {`{"name": "Zacharias Wilibald", "lastname": "Quintero", "dob": "1881-02-03"}`, `{"name": "Zahcarias Wiliblad", "lastname": "Quintero", "dob": "1818-02-03"}`},
		"a day off over New Year":  {`{"name": "Zacharias Wilibald", "lastname": "Quintero", "dob": "1881-12-31"}`, `{"name": "Zahcarias Wiliblad", "lastname": "Quintero", "dob": "1882-01-01"}`},
		"a day off in May":         {`{"name": "Zacharias Wilibald", "lastname": "Quintero", "dob": "1881-05-31"}`, `{"name": "Zahcarias Wiliblad", "lastname": "Quintero", "dob": "1881-06-01"}`},
		"New Year's Eve, any day":  {`{"name": "Zacharias Wilibald", "lastname": "Quintero", "du": "D", "dob": "1881-12-31"}`, `{"name": "Zahcarias Wiliblad", "lastname": "Quintero", "du": "D", "dob": "1882-12-31"}`},
		"a month without a day":    {`{"name": "Zacharias Wilibald", "lastname": "Quintero", "dob": "1881-02-03"}`, `{"name": "Zahcarias Wiliblad", "lastname": "Quintero", "dob": "1881-02"}`},
		"a year":                   {`{"name": "Zacharias Wilibald", "lastname": "Quintero", "dob": "1881-11-23"}`, `{"name": "Zahcarias Wiliblad", "lastname": "Quintero", "dob": "1881"}`},
		"a month far from the day": {`{"name": "Zacharias Wilibald", "lastname": "Quintero", "dob": "1881-11-23"}`, `{"name": "Zahcarias Wiliblad", "lastname": "Quintero", "dob": "1881-11"}`},
		"the names, whatever else": {`{"name": "Zacharias Wilibald", "lastname": "Quintero"}`, `{"name": "Zacharias Wilibald", "lastname": "Quintero", "dob": "1881-02-03"}`},
		"a household, misspelt":    {`{"name": "Zacharias Wilibald", "lastname": "Quintero", "du": "D"}`, `{"name": "Zahcarias Wilibald", "lastname": "Quintreo", "du": "D"}`},
	} {
		t.Run(way, func(t *testing.T) {
			db := testdb.New(t)
			db.Exec(`INSERT INTO people (id, data) VALUES ('A', $1), ('B', $2), ('NULL', NULL), ('LIST', '[]')`, pair[0], pair[1])
			learn(t, db)
			if got := duplicates(t, db); len(got) != 1 || matchOf(t, db, "A", "B") == 0 || matchOf(t, db, "B", "A") == 0 {
				t.Errorf("%s: %v, of A %v, of B %v", way, got, matchOf(t, db, "A", "B"), matchOf(t, db, "B", "A"))
			}
		})
	}
}

// They have no word in common, and another day.
func TestMatchesAreFoundHoweverWordsAreJoined(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES
		('A', '{"name": "Jean-Luc", "lastname": "de la Cruz", "dob": "1881-02-03", "du": "D"}'),
		('B', '{"name": "Jeanluc", "lastname": "Delacruz", "dob": "1881-02-04", "du": "D"}')`)
	learn(t, db)
	if got := duplicates(t, db); len(got) != 1 || matchOf(t, db, "A", "B") == 0 || matchOf(t, db, "B", "A") == 0 {
		t.Errorf("%v, of A %v, of B %v", got, matchOf(t, db, "A", "B"), matchOf(t, db, "B", "A"))
	}
}

func TestOddPersonsHaveMatchesToo(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for n, data := range []string{
		`{}`, `{"name": null, "lastname": 7, "dob": 1990, "gender": ["f"], "du": {"x": 1}}`,
		`{"name": {"first": "Ana"}, "dob": "0000-00-00", "du": ""}`, `{"name": "王小明", "lastname": "王", "dob": "1990", "du": " "}`,
		`{"name": "` + strings.Repeat("ana ", 300_000) + `", "lastname": "ana", "dob": "1990-10", "du": "` + strings.Repeat("x", 1<<20) + `"}`,
		`{"name": "Ana Ana", "lastname": "Ana", "dob": "1990-02-31", "gender": "` + strings.Repeat("f", 1000) + `"}`,
	} {
		db.Exec(`INSERT INTO people (id, data) SELECT $1 || n, $2::jsonb FROM generate_series(1, 2) AS n`, string(rune('a'+n)), data)
	}
	db.Exec(`INSERT INTO people (id, data) VALUES ('null', NULL), ('array', '[]'), ('a b"', '{"name": "Ana Ana", "lastname": "Ana", "dob": "1990-02-31"}')`)
	duplicates(t, db)
	for _, id := range strings.Fields(db.Text(`SELECT string_agg(id, ' ') FROM people WHERE id LIKE '_1'`)) {
		if _, err := db.For(fed.Operator).Matches(t.Context(), id, 1000); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for _, id := range []string{"null", "array", "nobody", "a\x00"} {
		_, err := db.For(fed.Operator).Matches(t.Context(), id, 20)
		wantKind(t, err, fed.NotFound)
	}
}
