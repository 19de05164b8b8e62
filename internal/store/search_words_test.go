// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"testing"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

func TestWordsHaveOneSpelling(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for text, want := range map[string]string{
		"":                          "",
		" -- ":                      "",
		"Ana-María D'Ángelo":        "ana maria dangelo",
		"Ana-Mari\u0301a":           "ana maria",
		"O’Brien O´Neil O`Hara":     "obrien oneil ohara",
		"Müller Weiß Þórður Æsir":   "muller weiss thordur aesir",
		"Łódź Ørsted İstanbul Işık": "lodz orsted istanbul isik",
		"ЁЛКИН Йод":                 "елкин иод",
		"ΓΙΆΝΝΗΣ":                   "γιαννησ",
		"أحمد إِبْراهيم محـمّد":                      "احمد ابراهيم محمد",
		"\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd": "\u05e9\u05dc\u05d5\u05dd", // with points
		"राम कुमार":                                  "राम कुमार",
		"สมชาย ใจดี":                                 "สมชาย ใจดี",
		"Ｗide a\u200cb":                              "wide ab",
		"\U0001F642 x":                               "x",
		"Anna王小":                                     "anna 王小",
		"김철수":                                        "김철수",
	} {
		t.Run(text, func(t *testing.T) {
			wantText(t, db.Text(`SELECT thalamus_fold($1)`, text), nil, want)
		})
	}
}

func TestOddNamesBreakNeitherIndexNorSearch(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('0', NULL), ('1', 'null'), ('2', '"ana"'), ('3', '["name"]'), ('4', '{}'),
		('5', '{"name": null, "lastname": 7}'), ('6', '{"name": {"name": "ana"}, "lastname": ["ana"], "dob": {"dob": "1990"}}'),
		('7', jsonb_build_object('id', '7', 'name', repeat('ana ', 300000), 'dob', repeat('1990-', 300000))),
		('8', jsonb_build_object('name', (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 40000) AS n))),
		('9', jsonb_build_object('name', repeat(U&'\FDFA', 400000))), ('a', jsonb_build_object('name', repeat('王小明', 400000))),
		('b', '{"name": "", "lastname": "  "}')`)
	learn(t, db)
	if got := found(t, db, store.Search{Text: "ana", Limit: 20}); got != "7" {
		t.Errorf("got %q", got)
	}
	wantText(t, db.Text(`SELECT max(cardinality(words))::text FROM people`), nil, "32")
	wantText(t, db.Text(`SELECT count(birth)::text FROM people`), nil, "0")
	wantText(t, db.Text(`SELECT count(*)::text FROM people WHERE cardinality(words) = 0`), nil, "8")
}

func TestBirthDatesAreReadAsFarAsTheyAreKnown(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for dob, want := range map[string]string{
		`"1990-10-04"`:          "19901004",
		`"1990-10-04T10:11:12"`: "19901004",
		`"1990-10-04 10:11"`:    "19901004",
		`"1990-10"`:             "19901000",
		`"1990"`:                "19900000",
		`"1990-13-01"`:          "none",
		`"1990-10-32"`:          "none",
		`"1990-10-041"`:         "none",
		`"10/04/1990"`:          "none",
		`"19901004"`:            "none",
		`""`:                    "none",
		`1990`:                  "none",
		`null`:                  "none",
	} {
		t.Run(dob, func(t *testing.T) {
			got := db.Text(`SELECT COALESCE(thalamus_birth(jsonb_build_object('dob', $1::jsonb))::text, 'none')`, dob)
			if got != want {
				t.Errorf("%s: got %s, want %s", dob, got, want)
			}
		})
	}
}

// A change of other keys leaves the index of words alone.
func TestWordsFollowEveryWriterOfNames(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('1', '{"name": "Ana", "lastname": "Gil"}')`)
	wantText(t, db.Text(`SELECT concat(words, birth) FROM people`), nil, "{ana,gil}")
	db.Exec(`UPDATE people SET data = data || '{"lastname": "Núñez Ana", "dob": "1990"}'`)
	wantText(t, db.Text(`SELECT concat(words, birth) FROM people`), nil, "{ana,nunez,ana}19900000")
}
