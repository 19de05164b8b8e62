// SPDX-License-Identifier: GPL-3.0-or-later

package chart

import "time"

// timeAxis is the scale of time, from the left to the right end.
type timeAxis struct{ from, to time.Time }

// percent gives the place of a time, from the left.
func (x timeAxis) percent(t time.Time) float64 {
	return 100 * seconds(x.from, t) / seconds(x.from, x.to)
}

// seconds is t.Sub(from) for any years.
func seconds(from, t time.Time) float64 {
	return float64(t.Unix()-from.Unix()) + float64(t.Nanosecond()-from.Nanosecond())/1e9
}

// Unit is what a text of the time axis names.
type Unit int

// The units of the time axis.
const (
	Hour Unit = iota
	Day
	Month
	Year
)

// ordinal numbers the hours, days, months or years: that of a time on its own clock.
func (u Unit) ordinal(t time.Time) int {
	day := int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86_400)
	switch u {
	case Hour:
		return 24*day + t.Hour()
	case Day:
		return day
	case Month:
		return 12*t.Year() + int(t.Month()) - 1
	default:
		return t.Year()
	}
}

// time gives when the unit of a number begins.
func (u Unit) time(ordinal int, zone *time.Location) time.Time {
	switch u {
	case Hour:
		return time.Date(1970, 1, 1, ordinal, 0, 0, 0, zone)
	case Day:
		return time.Date(1970, 1, 1+ordinal, 0, 0, 0, 0, zone)
	case Month:
		return time.Date(0, time.Month(1+ordinal), 1, 0, 0, 0, 0, zone)
	default:
		return time.Date(ordinal, 1, 1, 0, 0, 0, 0, zone)
	}
}

// outer is the unit whose change is told below the texts of this one.
func (u Unit) outer() Unit {
	if u == Hour {
		return Day
	}
	return Year
}

// The most texts that fit below a wide chart, and a narrow one.
const (
	wideTicks   = 13
	narrowTicks = 5
)

// tick is a time with a text. Classes say where it is shown, if not everywhere.
type tick struct {
	time   time.Time
	number int // of the step
	class  string

	outer      bool // the unit around it is told too
	outerClass string
}

// Classes of what only a wide or only a narrow chart shows.
const (
	wideOnly   = "chart-wide"
	narrowOnly = "chart-narrow"
)

// steps are how far texts can stand apart, closest first.
var steps = []struct {
	unit Unit
	n    int
}{
	{Hour, 3}, {Hour, 6}, {Day, 1}, {Day, 2}, {Day, 7}, {Day, 14}, {Month, 1}, {Month, 2}, {Month, 3}, {Month, 6},
	{Year, 1}, {Year, 2}, {Year, 5}, {Year, 10}, {Year, 20}, {Year, 50}, {Year, 100}, {Year, 200}, {Year, 500}, {Year, 1000},
}

// ticks gives the times that have a text, and their unit.
func (x timeAxis) ticks() (all []tick, unit Unit) {
	for _, step := range steps {
		if (step.unit.ordinal(x.to)-step.unit.ordinal(x.from))/step.n < wideTicks {
			return x.ticksOf(step.unit, step.n), step.unit
		}
	}
	return nil, Year
}

func (x timeAxis) ticksOf(unit Unit, n int) (all []tick) {
	last := unit.ordinal(x.to) / n
	for number := unit.ordinal(x.from)/n - 1; number <= last; number++ {
		t := unit.time(number*n, x.from.Location())
		if !t.Before(x.from) && !t.After(x.to) {
			all = append(all, tick{time: t, number: number})
		}
	}

	every := unit.sparser(n, len(all))
	for i := range all {
		if all[i].number%every != 0 {
			all[i].class = wideOnly
		}
	}
	if unit != Year {
		tellOuter(all, unit.outer())
	}
	return all
}

// sparser says of how many of so many texts one has room in a narrow chart. Hours and
// months stay at the same ones each day and year.
func (u Unit) sparser(n, texts int) int {
	around := map[Unit]int{Hour: 24, Month: 12}[u]
	every := max(1, (texts+narrowTicks-1)/narrowTicks)
	for around > 0 && around%(n*every) != 0 && n*every%around != 0 {
		every++
	}
	return every
}

// tellOuter marks where the unit around is another than at the text before, in a wide
// chart and in a narrow one.
func tellOuter(all []tick, outer Unit) {
	wide, narrow := -1, -1
	for i := range all {
		t := &all[i]
		now := outer.ordinal(t.time)
		begins := now != wide
		wide = now
		if t.class == wideOnly {
			t.outer, t.outerClass = begins, wideOnly
			continue
		}

		t.outer = now != narrow
		narrow = now
		if !begins {
			t.outerClass = narrowOnly
		}
	}
}
