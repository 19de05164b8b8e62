// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"testing"
	"time"
)

// datesOfPages are dates with what a reader must show of them; "" is for no date.
var datesOfPages = map[string]string{
	"2024-05-01":                                    "2024-05-01T00:00:00Z",
	"2024-05-01T10:11:12.123456":                    "2024-05-01T10:11:12.123456Z clock",
	"2024-05-01 10:11:00":                           "2024-05-01T10:11:00Z clock",
	"2024-05-01T10:11:12Z":                          "2024-05-01T10:11:12Z clock zone",
	" 2024-05-01t10:11 z\t":                         "2024-05-01T10:11:00Z clock zone",
	"2024-05-01T10:11:12.5+02:00":                   "2024-05-01T10:11:12.5+02:00 clock zone",
	"2024-05-01 10:11:12 -0330":                     "2024-05-01T10:11:12-03:30 clock zone",
	"2024-05-01T10:11+14":                           "2024-05-01T10:11:00+14:00 clock zone",
	"2024-12-31T23:59:59.999999999":                 "2024-12-31T23:59:59.999999Z clock",
	"2024-05-01T10:11:12.123456789 +02:00, perhaps": "2024-05-01T10:11:12.123456+02:00 clock zone",
	"2024-02-29":                                    "2024-02-29T00:00:00Z",
	"2024-05-01T10:11:12":                           "2024-05-01T10:11:12Z clock",
	"2024-02-30T10:11:12":                           "",
	"0000-05-01T10:11:12":                           "",
	"2024-05-01T24:11:12":                           "",
	"2024-05-01T1:11:12,5":                          "",
	"2023-02-29":                                    "",
	"2024-13-01":                                    "",
	"2024-05-00":                                    "",
	"0000-01-01":                                    "",
	"2024-05-01T24:00":                              "",
	"2024-05-01T10:11:12+16:00":                     "",
	"2024-05-01Z":                                   "",
	"2024-05-01 x":                                  "",
	"2024-05-01\n":                                  "",
	"2024-5-1":                                      "",
	"01/05/2024":                                    "",
	"٢٠٢٤-05-01":                                    "",
	"2024-05-01T10:11:12 Europe/Madrid":             "",
	"":                                              "",
}

func TestADateKeepsTheZoneThatItIsWrittenIn(t *testing.T) {
	for text, want := range datesOfPages {
		date, ok := ReadPageDate(text)
		got := date.Time.Format(time.RFC3339Nano)
		if date.Clock {
			got += " clock"
		}
		if date.Zoned {
			got += " zone"
		}
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
