// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

const crowd = `INSERT INTO people (id, data) VALUES
	('ANA', '{"id": "ANA", "name": "Ana María", "lastname": "García", "dob": "1990-10-04", "gender": "f", "password": "h"}'),
	('BEN', '{"id": "BEN", "name": "Benjamín", "lastname": "O''Connor", "dob": "1991-02-03T10:00:00", "gender": "m", "active": false}'),
	('ZHO', '{"id": "ZHO", "name": "小明", "lastname": "王", "dob": "1992", "deceased": true}'),
	('MUH', '{"id": "MUH", "name": "محـمّد", "lastname": "إبراهيم", "dob": "1992-07"}'),
	('KIM', '{"id": "KIM", "name": "김철수", "n": 1.0, "married": true, "list": ["x"]}'),
	('ALE', '{"id": "ALE", "name": "Alexandra", "lastname": "Papadopoulos", "dob": 1990}')`

func newCrowd(t *testing.T) *testdb.DB {
	t.Helper()
	db := testdb.New(t)
	db.Exec(crowd)
	learn(t, db)
	return db
}

// learn publishes what was written and takes the words up.
func learn(t *testing.T, db *testdb.DB) {
	t.Helper()
	db.Exec(`SELECT thalamus_publish()`)
	for more := true; more; {
		var err error
		if more, err = db.LearnWords(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// found gives the ids of a search, in order.
func found(t *testing.T, db *testdb.DB, s store.Search) (ids string) {
	t.Helper()
	err := db.For(fed.Operator).SearchPersons(t.Context(), s, eager, func(_ string, _ float64, person fed.Record) error {
		if strings.Contains(string(person), "password") {
			t.Errorf("%s", person)
		}
		ids += " " + strings.Trim(string(record.KeysOf(person).ID), `"`)
		return nil
	})
	if err != nil {
		t.Errorf("%s: %v", s.Text, err)
	}
	return strings.TrimPrefix(ids, " ")
}

func TestPersonsAreFoundByWordsThatAreMisspelt(t *testing.T) {
	t.Parallel()
	db := newCrowd(t)
	for text, want := range map[string]string{
		"ana garcia":            "ANA",
		"GARCÍA, Ana-María":     "ANA",
		"graica maria":          "ANA", // two errors
		"garc":                  "ANA", // the beginning
		"gracia":                "ANA",
		"an":                    "ANA",
		"a":                     "ANA ALE",
		"bn":                    "",
		"nobody":                "",
		"benjamin oconnor":      "BEN",
		"Bejamin O’Conor":       "BEN",
		"connor":                "BEN", // one letter is missing
		"zzzzz alexnadra":       "ALE", // a word that fits nobody
		"zzzzz yyyyy alexandra": "",
		"papadopuolso":          "ALE",
		"ppadopoulo":            "ALE",
		"王小明":                   "ZHO",
		"小明":                    "ZHO",
		"王大明":                   "ZHO",
		"明":                     "ZHO",
		"محمد ابراهيم":          "MUH",
		"مُحَمَّد":              "MUH",
		"철수":                    "KIM",
	} {
		t.Run(text, func(t *testing.T) {
			if got := found(t, db, store.Search{Text: text, Limit: 20}); got != want {
				t.Errorf("%q: got %q, want %q", text, got, want)
			}
		})
	}
}

func TestTheBestMatchComesFirst(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT id, jsonb_build_object('id', id, 'name', name) FROM (VALUES
		('1', 'Marina Lopez'), ('2', 'Mario Lopez'), ('3', 'Maria del Carmen Lopez'), ('4', 'Maria Lopez'), ('5', 'Maria Lopes'),
		('6', 'Maria'), ('7', 'Lopez Maria')) AS person (id, name)`)
	learn(t, db)
	if got := found(t, db, store.Search{Text: "maria lopez", Limit: 20}); got != "4 7 3 1 2 5 6" {
		t.Errorf("got %s", got)
	}
	if got := found(t, db, store.Search{Text: "maria lopez", Limit: 2}); got != "4 7" {
		t.Errorf("got %s", got)
	}
	var scores []string
	err := db.For(fed.Operator).SearchPersons(t.Context(), store.Search{Text: "mario lopez", Limit: 3}, eager, func(_ string, score float64, _ fed.Record) error {
		scores = append(scores, fmt.Sprintf("%.2f", score))
		return nil
	})
	if diff := cmp.Diff([]string{"1.00", "0.91", "0.91"}, scores); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

// Many who have the one word leave room for who has the other.
func TestAPersonWithARareWordIsFoundBesideManyWithAFrequentOne(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) SELECT n::text, jsonb_build_object('id', n::text, 'name', 'Ana', 'lastname', 'Gil')
		FROM generate_series(1, 600) AS n`)
	db.Exec(`INSERT INTO people (id, data) VALUES ('RARE', '{"id": "RARE", "name": "Zenobia"}')`)
	learn(t, db)
	for _, text := range []string{"Ana Zenobia", "Zenobia Ana"} {
		if got := found(t, db, store.Search{Text: text, Limit: 1}); got != "RARE" {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestATextWithoutWordsOrWithTooManyIsInvalid(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, text := range []string{"", " ", "-- '", strings.Repeat("a ", 33), strings.Repeat("王", 20)} {
		err := db.For(fed.Operator).SearchPersons(t.Context(), store.Search{Text: text, Limit: 20}, eager, func(string, float64, fed.Record) error { return nil })
		wantKind(t, err, fed.Invalid)
	}
}

func TestAVeryLongNameIsFoundByItself(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	name := strings.Repeat("lopado", 12)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', jsonb_build_object('id', 'A', 'name', $1::text))`, name)
	learn(t, db)
	wantText(t, found(t, db, store.Search{Text: name, Limit: 20}), nil, "A")
}

func TestAnErrorOfTheTakerEndsASearch(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	err := newCrowd(t).For(fed.Operator).SearchPersons(t.Context(), store.Search{Text: "ana", Limit: 20}, eager, func(string, float64, fed.Record) error { return enough })
	if err != enough { //nolint:errorlint // the very same
		t.Errorf("got %v", err)
	}
}

// Misspellings of a word that nobody had wait for it to be learned.
func TestANewNameIsFoundAtOnceAndItsMisspellingsSoon(t *testing.T) {
	t.Parallel()
	db := newCrowd(t)
	db.Exec(`UPDATE people SET data = data || '{"name": "Wilhelmina"}' WHERE id = 'ANA'`)
	for _, text := range []string{"wilhelmina", "wilhelmina garica"} {
		if got := found(t, db, store.Search{Text: text, Limit: 20}); got != "ANA" {
			t.Errorf("%s: got %q", text, got)
		}
	}
	var all sync.WaitGroup
	db.Exec(`SELECT thalamus_publish()`)
	for range 4 {
		all.Go(func() {
			if _, err := db.LearnWords(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := found(t, db, store.Search{Text: "wilehlmnia", Limit: 20}); got != "ANA" {
		t.Errorf("got %q", got)
	}
	db.Exec(`DELETE FROM people WHERE id = 'ANA'`)
	if got := found(t, db, store.Search{Text: "wilhelmina", Limit: 20}); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestManyChangesAreLearnedInParts(t *testing.T) {
	t.Parallel()
	db := newCrowd(t)
	db.Exec(`INSERT INTO people (id, data) SELECT n, jsonb_build_object('name', 'Name' || n) FROM generate_series(1000, 3500) AS n`)
	db.Exec(`SELECT thalamus_publish()`)
	for i, want := range []bool{true, false, false} {
		if more, err := db.LearnWords(t.Context()); more != want || err != nil {
			t.Errorf("%d: got %v, %v", i, more, err)
		}
	}
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_name_words WHERE word LIKE 'name%'`), nil, "2501")
}

func TestPersonsOfADatabaseThatIsTakenOverAreFound(t *testing.T) {
	t.Parallel()
	url := testdb.Empty(t)
	testdb.Exec(t, url, `CREATE TABLE people (id varchar PRIMARY KEY, data jsonb)`)
	testdb.Exec(t, url, crowd)
	db := testdb.At(t, url)
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := found(t, db, store.Search{Text: "alexnadra", Limit: 20}); got != "ALE" {
		t.Errorf("got %q", got)
	}
}

func TestFiltersNarrowASearchAndAList(t *testing.T) {
	t.Parallel()
	db := newCrowd(t)
	yes, no := true, false
	for _, c := range []struct {
		filter store.PersonFilter
		want   string
	}{
		{store.PersonFilter{}, "ALE ANA BEN KIM MUH ZHO"},
		{store.PersonFilter{BornFrom: 19901004, BornTo: 19901004}, "ANA"},
		{store.PersonFilter{BornFrom: 19910000, BornTo: 19921231}, "BEN MUH ZHO"},
		{store.PersonFilter{BornFrom: 19920700, BornTo: 19920731}, "MUH"},
		{store.PersonFilter{Active: &yes}, "ALE ANA KIM MUH ZHO"},
		{store.PersonFilter{Active: &no}, "BEN"},
		{store.PersonFilter{Deceased: &yes}, "ZHO"},
		{store.PersonFilter{Deceased: &no, Active: &yes}, "ALE ANA KIM MUH"},
		{store.PersonFilter{Fields: map[string]string{"gender": "f"}}, "ANA"},
		{store.PersonFilter{Fields: map[string]string{"gender": "f", "n": "1.0"}}, ""},
		{store.PersonFilter{Fields: map[string]string{"n": "1.0", "married": "true"}}, "KIM"},
		{store.PersonFilter{Fields: map[string]string{"list": `["x"]`}}, ""},
	} {
		var ids []string
		err := db.For(fed.Operator).EachPersonWith(t.Context(), c.filter, store.Keyset[string]{}, eager, func(_ string, r fed.Record) error {
			ids = append(ids, strings.Trim(string(record.KeysOf(r).ID), `"`))
			return nil
		})
		if diff := cmp.Diff(c.want, strings.Join(ids, " ")); diff != "" || err != nil {
			t.Errorf("%+v: %v %s", c.filter, err, diff)
		}
		want := "" // ana is among them or not
		if strings.Contains(c.want, "ANA") {
			want = "ANA"
		}
		if got := found(t, db, store.Search{Text: "ana garcia", Filter: c.filter, Limit: 20}); got != want {
			t.Errorf("%+v: got %q", c.filter, got)
		}
	}
}

func TestAListWithALimitHasNoMore(t *testing.T) {
	t.Parallel()
	count := 0
	err := newCrowd(t).For(fed.Operator).EachPersonWith(t.Context(), store.PersonFilter{}, store.Keyset[string]{Limit: 2}, eager, func(string, fed.Record) error { count++; return nil })
	if count != 2 || err != nil {
		t.Errorf("got %d, %v", count, err)
	}
}

func TestWhereNothingCanBeWrittenNothingIsLearned(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(crowd)
	db.Exec(`SELECT thalamus_publish()`)
	conn := testdb.Connect(t, db.URL)
	var more bool
	err := conn.QueryRow(t.Context(), `SELECT set_config('transaction_read_only', 'on', false) = 'on' AND thalamus_learn()`).Scan(&more)
	if more || err != nil {
		t.Errorf("got %v, %v", more, err)
	}
}
