// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"testing"
	"time"

	"thalamus/internal/record"
)

// Clocks that are put back show an hour twice, which is the first of both, and those that are put on leave one out.
func TestATimeWithoutAZoneIsTheFirstThatClocksShow(t *testing.T) {
	for _, c := range []struct{ zone, date, want string }{
		{"Europe/Madrid", "2024-06-03T02:30:00", "2024-06-03T02:30:00+02:00"},
		{"Europe/Madrid", "2024-10-27T01:59:59", "2024-10-27T01:59:59+02:00"},
		{"Europe/Madrid", "2024-10-27T02:00:00", "2024-10-27T02:00:00+02:00"},
		{"Europe/Madrid", "2024-10-27T02:59:59.5", "2024-10-27T02:59:59.5+02:00"},
		{"Europe/Madrid", "2024-10-27T03:00:00", "2024-10-27T03:00:00+01:00"},
		{"Europe/Madrid", "2024-03-31T01:30:00", "2024-03-31T01:30:00+01:00"},
		{"Europe/Madrid", "2024-03-31T03:30:00", "2024-03-31T03:30:00+02:00"},
		{"America/New_York", "2024-11-03T01:30:00", "2024-11-03T01:30:00-04:00"},
		{"Australia/Lord_Howe", "2024-04-07T01:45:00", "2024-04-07T01:45:00+11:00"},
		{"Australia/Lord_Howe", "2024-04-07T02:00:00", "2024-04-07T02:00:00+10:30"},
		{"UTC", "2024-10-27T02:30:00", "2024-10-27T02:30:00Z"},
		{"Europe/Madrid", "2024-10-27T02:30:00+01:00", "2024-10-27T02:30:00+01:00"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		date, _ := record.ReadPageDate(c.date)
		if got := newMoment(date, zone).when; got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.date, c.zone, got, c.want)
		}
	}
}
