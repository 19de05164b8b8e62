// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"thalamus/internal/record"
	"thalamus/internal/testdb"
	"thalamus/migrations"
)

// pageTimes are dates as they are sent, with the time in UTC that each is.
var pageTimes = map[string]string{
	`"2024-05-01"`:                        "2024-05-01 00:00:00",
	`"2024-05-01T10:11:12.123456"`:        "2024-05-01 10:11:12.123456",
	`"2024-05-01 10:11:00"`:               "2024-05-01 10:11:00",
	`"2024-05-01T10:11"`:                  "2024-05-01 10:11:00",
	`"2024-05-01T10:11:12Z"`:              "2024-05-01 10:11:12",
	`"2024-05-01T10:11:12.5+02:00"`:       "2024-05-01 08:11:12.5",
	`"2024-05-01 10:11:12 -0330"`:         "2024-05-01 13:41:12",
	`"2024-05-01T10:11+14"`:               "2024-04-30 20:11:00",
	`"2024-02-29"`:                        "2024-02-29 00:00:00",
	`"2000-02-29T23:30:00-01:00"`:         "2000-03-01 00:30:00",
	`"2024-12-31T23:59:59.999999999"`:     "2024-12-31 23:59:59.999999",
	`"2024-05-01T23:59:59.9999999"`:       "2024-05-01 23:59:59.999999",
	`"2024-05-01 00:00:00.0000005Z"`:      "2024-05-01 00:00:00",
	`"1969-12-31T23:59:59.99999999"`:      "1969-12-31 23:59:59.999999",
	`"0044-03-15T12:00:00.1234567-02:00"`: "0044-03-15 14:00:00.123456",
	`"2024-05-01t10:11:12.5z"`:            "2024-05-01 10:11:12.5",
	`"2024-05-01t10:11"`:                  "2024-05-01 10:11:00",
	`"2024-05-01 10:11:12 z"`:             "2024-05-01 10:11:12",
	`" 2024-05-01"`:                       "2024-05-01 00:00:00",
	`"\t2024-05-01T10:11:12+02:00  "`:     "2024-05-01 08:11:12",
	`"0001-01-01"`:                        "0001-01-01 00:00:00",
	`"9999-12-31T23:59:59.999999-15:59"`:  "10000-01-01 15:58:59.999999",
	`"0001-01-01T00:00:00+15:59"`:         "0001-12-31 08:01:00 BC",
	`"0000-01-01"`:                        "",
	`"1900-02-29"`:                        "",
	`"2023-02-29T10:00:00Z"`:              "",
	`"2024-02-30"`:                        "",
	`"2024-04-31T10:00:00"`:               "",
	`"2024-13-01"`:                        "",
	`"2024-00-01"`:                        "",
	`"2024-05-00"`:                        "",
	`"2024-05-01T24:00:00"`:               "",
	`"2024-05-01T10:60:00"`:               "",
	`"2024-05-01T10:11:60"`:               "",
	`"2024-05-01T10:11:12+16:00"`:         "",
	`"2024-05-01T10:11:12 Europe/Madrid"`: "",
	`"2024-05-01T10:11:12.1234567891"`:    "",
	`"2024-05-01\n"`:                      "",
	`"2024-05-01 x"`:                      "",
	`"2024-05 -01"`:                       "",
	`" "`:                                 "",
	`"2024-05-01TT10:11"`:                 "",
	`"2024-05-01Z"`:                       "",
	`"2024-05-01 BC"`:                     "",
	`"01/05/2024"`:                        "",
	`"2024-5-1"`:                          "",
	`"12024-05-01"`:                       "",
	`"٢٠٢٤-05-01"`:                        "",
	`"now"`:                               "",
	`"infinity"`:                          "",
	`""`:                                  "",
	`null`:                                "",
	`true`:                                "",
	`20240501`:                            "",
	`1e131071`:                            "",
	`["2024-05-01"]`:                      "",
	`{"2024-05-01": "2024-05-01"}`:        "",

	// As many characters as the longest date has are looked at.
	`"2024-05-01T10:11:12.123456789 +02:00, perhaps"`: "2024-05-01 08:11:12.123456",
}

// The index stands on it: whoever asks, with whatever settings, it says the same.
func TestTheTimeOfAPageIsReadTheSameByEverybody(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	long, err := json.Marshal(strings.Repeat("2024-05-01T", 100_000))
	must(t, err)
	cases := map[string]string{`{"page_date": ` + string(long) + `}`: "", `{}`: "", `[]`: "", `["page_date"]`: "", `"page_date"`: "", `5`: "", `null`: ""}
	for date, want := range pageTimes {
		cases[`{"page_date": `+date+`}`] = want
	}
	conn := testdb.Connect(t, db.URL)
	for _, settings := range []string{`SET TimeZone = 'UTC'`, `SET DateStyle = 'SQL, DMY'; SET TimeZone = 'Asia/Kathmandu'; SET timezone_abbreviations = 'India'; SET search_path = ''`} {
		_, err := conn.Exec(t.Context(), settings)
		must(t, err)
		for data, want := range cases {
			var time string
			var same bool
			err := conn.QueryRow(t.Context(), `SELECT COALESCE(time::text, ''), time IS NOT DISTINCT FROM NULLIF($2, '')::timestamp
				FROM `+testdb.Schema+`.thalamus_page_time($1::jsonb) AS time`, data, want).Scan(&time, &same)
			if err != nil || !same {
				t.Errorf("%.100s: got %s, want %s, %v", data, time, want, err)
			}
		}
	}
}

// A chart or a page would contradict the list, if the hub read a date otherwise than the database.
func TestTheHubReadsTheTimeOfAPageAsTheDatabaseDoes(t *testing.T) {
	t.Parallel()
	conn := testdb.Connect(t, testdb.New(t).URL)
	compare := func(t interface{ Fatalf(string, ...any) }, text string) {
		var want string
		err := conn.QueryRow(context.Background(), `SELECT COALESCE(extract(epoch FROM thalamus_page_time(
			jsonb_build_object('page_date', $1::text))), 'NaN')::text`, text).Scan(&want)

		got := "NaN"
		if date, ok := record.ReadPageDate(text); ok {
			micro := date.Time.UnixMicro()
			got = new(big.Rat).SetFrac64(micro, 1e6).FloatString(6)
		}
		if err != nil || got != want {
			t.Fatalf("%q: the hub reads %s, the database %s, %v", text, got, want, err)
		}
	}
	for date := range pageTimes {
		var text string
		if json.Unmarshal([]byte(date), &text) == nil {
			compare(t, text)
		}
	}

	parts := []string{
		`[ \t]?`, `\d{3}[0-9]`, `-`, `[01]\d`, `-`, `[0-3]\d`, `[Tt ]?`, `[012]\d`, `:`, `[0-6]\d`, `(:[0-6]\d)?`,
		`([.,]\d{1,10})?`, ` ?`, `(|Z|z|[+-]\d\d|[+-][01]\d:?[0-5]\d)`, `[ \tx]?`,
	}
	rapid.Check(t, func(t *rapid.T) {
		compare(t, rapid.StringMatching(strings.Join(parts[:rapid.IntRange(6, len(parts)).Draw(t, "parts")], "")).Draw(t, "date"))
	})
}

// Pages that were stored by an older rule, which rounded, are read by this one, and
// nothing of them is a change.
func TestPagesThatAreThereAreReadByTheNewRule(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`CREATE OR REPLACE FUNCTION thalamus_page_time(data jsonb) RETURNS timestamp LANGUAGE sql IMMUTABLE
		AS $$SELECT timestamp '2000-01-01'$$`)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{}')`)
	db.Exec(`INSERT INTO pols (id, book, data) VALUES ('p', 'A', '{"page_date": "2024-05-01T23:59:59.9999999"}'), ('q', 'A', '{}'), ('r', 'A', NULL)`)
	const pages = `SELECT string_agg(concat_ws(' ', id, version, page_time), ', ' ORDER BY id) FROM pols`
	wantText(t, db.Text(pages), nil, "p 1 2000-01-01 00:00:00, q 1 2000-01-01 00:00:00, r 1 2000-01-01 00:00:00")

	db.Exec(stepText(t, "page_times"))

	wantText(t, db.Text(pages), nil, "p 1 2024-05-01 23:59:59.999999, q 1, r 1")
	wantText(t, db.Text(`SELECT count(*)::text FROM thalamus_changes WHERE resource = 'page'`), nil, "3")
}

// stepText gives the SQL of a migration.
func stepText(t *testing.T, name string) string {
	t.Helper()
	steps, err := migrations.All()
	must(t, err)
	i := slices.IndexFunc(steps, func(m migrations.Migration) bool { return m.Name == name })
	if i < 0 {
		t.Fatal("there is no migration ", name)
	}
	return strings.Join(steps[i].Statements(testdb.Schema), "\n")
}
