// SPDX-License-Identifier: GPL-3.0-or-later

package fhir

import (
	"slices"
	"strings"
	"time"

	"thalamus/internal/fhir/resource"
)

const dateRule = "must be a date (2024-05-01), a month, a year or a time with its zone, with one of eq ne gt lt ge le sa eb before it."

// dateCondition is a value of a date parameter: how a time is to compare with a period.
type dateCondition struct {
	prefix string
	resource.Period
}

var datePrefixes = []string{"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"}

// readDates reads the values of a date parameter, of which one has to fit.
func readDates(value string, zone *time.Location) (all []dateCondition, ok bool) {
	for text := range strings.SplitSeq(value, ",") {
		one := dateCondition{prefix: "eq"}
		if len(text) > 2 && slices.Contains(datePrefixes, text[:2]) {
			one.prefix, text = text[:2], text[2:]
		}

		one.Period, ok = readPeriod(text, zone)
		if !ok {
			return nil, false
		}
		all = append(all, one)
	}
	return all, true
}

// dateForms are the forms of a date of a search, with the period that one covers.
var dateForms = []struct {
	layout string
	end    func(begin time.Time) time.Time
}{
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{time.DateOnly, func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2006-01-02T15:04Z07:00", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04:05Z07:00", secondEnd},
	{"2006-01-02T15:04:05", secondEnd},
}

// secondEnd is the end of a time with seconds, or with as many of their decimals as we have.
func secondEnd(t time.Time) time.Time {
	if t.Nanosecond() == 0 {
		return t.Add(time.Second)
	}
	return t.Add(time.Microsecond)
}

// readPeriod reads a date. The + of a zone may have come as a blank, which it means in a query.
func readPeriod(text string, zone *time.Location) (p resource.Period, ok bool) {
	text = strings.ReplaceAll(text, " ", "+")
	for _, form := range dateForms {
		t, err := time.ParseInLocation(form.layout, text, zone)
		if err == nil && t.Year() > 0 {
			t = t.Truncate(time.Microsecond)
			return resource.Period{Begin: t, End: form.end(t)}, true
		}
	}
	return p, false
}

// fits compares a time that a resource has with the period.
func (d dateCondition) fits(p resource.Period) bool {
	above, below := p.End.After(d.End), p.Begin.Before(d.Begin)
	within := !above && !below
	switch d.prefix {
	case "ne":
		return !within
	case "gt":
		return above
	case "lt":
		return below
	case "ge":
		return above || within
	case "le":
		return below || within
	case "sa":
		return !p.Begin.Before(d.End)
	case "eb":
		return !p.End.After(d.Begin)
	default:
		return within
	}
}

// bounds gives a period outside of which nothing fits; zero where it has no bound.
func (d dateCondition) bounds() (p resource.Period) {
	switch d.prefix {
	case "eq":
		return d.Period
	case "gt", "sa", "ge":
		return resource.Period{Begin: d.Begin}
	case "lt", "eb", "le":
		return resource.Period{End: d.End}
	default:
		return p
	}
}

// fitsDate reports whether one of the conditions fits. A resource without a time fits nothing.
func fitsDate(dates []dateCondition, p resource.Period) bool {
	if p.Begin.IsZero() && p.End.IsZero() {
		return false
	}
	return slices.ContainsFunc(dates, func(d dateCondition) bool { return d.fits(p) })
}

// hull gives the bounds of several conditions, of which one has to fit.
func hull(dates []dateCondition) (begin, end time.Time) {
	for i, one := range dates {
		p := one.bounds()
		if i == 0 || p.Begin.Before(begin) {
			begin = p.Begin
		}
		if i == 0 || p.End.IsZero() || !end.IsZero() && p.End.After(end) {
			end = p.End
		}
	}
	return begin, end
}

// instants gives the condition as a period in which a moment has to be; zero where it has no bound.
func (d dateCondition) instants() (from, to time.Time) {
	switch d.prefix {
	case "eq":
		return d.Begin, d.End
	case "ge":
		return d.Begin, to
	case "gt", "sa":
		return d.End, to
	case "le":
		return from, d.End
	default:
		return from, d.Begin
	}
}

// readInterval reads a condition for moments, and narrows the interval in which they have to be; zero where it has
// no bound.
func readInterval(value string, zone *time.Location, from, to *time.Time) bool {
	dates, ok := readDates(value, zone)
	if !ok || len(dates) != 1 || dates[0].prefix == "ne" {
		return false
	}

	begin, end := dates[0].instants()
	if from.Before(begin) {
		*from = begin
	}
	if !end.IsZero() && (to.IsZero() || end.Before(*to)) {
		*to = end
	}
	return true
}
