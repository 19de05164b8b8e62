// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"html/template"
	"time"

	"thalamus/internal/record"
)

// months are the names of the months in the catalogue.
var months = [...]string{
	"date.january", "date.february", "date.march", "date.april", "date.may", "date.june",
	"date.july", "date.august", "date.september", "date.october", "date.november", "date.december",
}

// date writes the date of a page in the zone that it is written with. A date that says no zone
// is shown without one.
func (l *language) date(d record.PageDate) (template.HTML, error) {
	text, err := l.day(d.Time)
	if err != nil {
		return "", err
	}
	if !d.Clock {
		return timeElement(d.Time.Format(time.DateOnly), text), nil
	}

	machine, clock := "2006-01-02T15:04", d.Time.Format("15:04")
	if d.Zoned {
		machine, clock = "2006-01-02T15:04Z07:00", clock+" "+zoneName(d.Time)
	}
	text, err = l.plain(say("date.moment", "day", text, "time", clock))
	return timeElement(d.Time.Format(machine), text), err
}

// moment writes when the hub did something, in UTC: it does not know the zone of the reader.
func (l *language) moment(t time.Time) (template.HTML, error) {
	return l.date(record.PageDate{Time: t.UTC(), Zoned: true, Clock: true})
}

// clock writes the time of day of a moment whose day is told already.
func clock(t time.Time) template.HTML {
	return timeElement(t.UTC().Format("2006-01-02T15:04Z07:00"), t.UTC().Format("15:04"))
}

// day writes a day in words.
func (l *language) day(t time.Time) (string, error) {
	month, err := l.plain(say(months[t.Month()-1]))
	if err != nil {
		return "", err
	}
	return l.plain(say("date.day", "day", t.Day(), "month", month, "year", t.Year()))
}

// zoneName is UTC, or the offset to it.
func zoneName(t time.Time) string {
	if _, offset := t.Zone(); offset == 0 {
		return "UTC"
	}
	return "UTC" + t.Format("-07:00")
}

func timeElement(machine, text string) template.HTML {
	return template.HTML(`<time datetime="` + machine + `">` + template.HTMLEscapeString(text) + `</time>`) //nolint:gosec // both are escaped
}
