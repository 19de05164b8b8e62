// SPDX-License-Identifier: GPL-3.0-or-later

package resource

import (
	"time"

	"thalamus/internal/record"
)

// Period is a time from Begin to before End.
type Period struct{ Begin, End time.Time }

// moment is when a page happened: as FHIR writes it, and the period that this covers.
type moment struct {
	when string // a dateTime
	Period
}

// newMoment gives the moment of a page's date; without a zone it is in this one.
func newMoment(date record.PageDate, zone *time.Location) moment {
	t := date.Time
	if !date.Zoned {
		t = firstAt(t, zone)
	}
	if !date.Clock {
		return moment{t.Format(time.DateOnly), Period{t, t.AddDate(0, 0, 1)}}
	}

	text, ok := formatTime(t)
	if !ok {
		return moment{}
	}
	return moment{text, Period{t, t.Add(time.Microsecond)}}
}

// firstAt gives when clocks of a zone first show what t shows. At the end of summer time they show an hour twice.
func firstAt(t time.Time, zone *time.Location) time.Time {
	last := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone)
	_, now := last.Zone()
	_, before := last.Add(-6 * time.Hour).Zone()

	if now == before {
		return last
	}

	first := last.Add(time.Duration(now-before) * time.Second)
	if first.Format(time.DateTime) == last.Format(time.DateTime) {
		return first
	}
	return last
}

// formatTime writes a time as a dateTime, whose zone has whole minutes and at most fourteen hours.
func formatTime(t time.Time) (text string, ok bool) {
	const furthest = 14 * 60 * 60
	_, offset := t.Zone()
	if offset%60 != 0 || offset < -furthest || offset > furthest {
		t = t.UTC()
	}
	return t.Format(Time), 1 <= t.Year() && t.Year() <= 9999
}
