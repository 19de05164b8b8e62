// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"encoding/json"
	"strings"
	"testing"

	"thalamus/internal/testdb"
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
	`"2024-12-31T23:59:59.999999999"`:     "2025-01-01 00:00:00",
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
	`" 2024-05-01"`:                       "",
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
				FROM public.thalamus_page_time($1::jsonb) AS time`, data, want).Scan(&time, &same)
			if err != nil || !same {
				t.Errorf("%.100s: got %s, want %s, %v", data, time, want, err)
			}
		}
	}
}
