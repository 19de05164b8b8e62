// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"html/template"
	"slices"
	"time"

	"thalamus/internal/chart"
	"thalamus/internal/gate"
	"thalamus/internal/measurement"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// series collects one kind of measurements out of pages, the newest first, and the newest value
// of each other kind.
type series struct {
	kind   *measurement.Kind // nil until the first kind that there is
	period period
	skip   int // readings before the part of the table
	count  int // readings of the kind
	last   map[*measurement.Kind]measurement.Reading
	points [][]chart.Point // by the parts of the kind
	table  []placed

	unread []unread
	more   int // pages beyond those in unread
}

// placed is a reading with its page.
type placed struct {
	measurement.Reading
	page string
	date record.PageDate
}

// unread is a page that has something that could not be read.
type unread struct {
	Page, Date string
	Path       string // of the page
}

// readingRow is a row of the table.
type readingRow struct {
	Date   record.PageDate
	Values []cell
	Path   string // of the page
}

// column is the heading of a part.
type column struct {
	Name message
	Unit string
}

// cell is a value with the name of its column, which a phone shows beside it.
type cell struct{ Column, Value message }

func newSeries(kind *measurement.Kind, over period) *series {
	s := &series{period: over, last: map[*measurement.Kind]measurement.Reading{}}
	s.choose(kind)
	return s
}

func (s *series) choose(kind *measurement.Kind) {
	if kind != nil {
		s.kind, s.points = kind, make([][]chart.Point, len(kind.Parts))
	}
}

// take reads a page. What it holds of measurements and cannot be read, or cannot be placed in
// time, is told.
func (s *series) take(stored store.MeasuredPage) error {
	page := measurement.Read(stored.Date, stored.Measurements)
	if len(page.Unreadable) > 0 || stored.Measurements == nil || !page.Dated {
		s.leaveOut(stored)
	}
	if !page.Dated {
		return nil
	}

	for _, reading := range page.AllReadings() {
		if _, newer := s.last[reading.Kind]; !newer {
			s.last[reading.Kind] = reading
		}
		if s.kind == nil {
			s.choose(reading.Kind)
		}
		if reading.Kind == s.kind {
			s.place(stored, page.Date, reading)
		}
	}
	return nil
}

func (s *series) leaveOut(page store.MeasuredPage) {
	if len(s.unread) == maxUnread {
		s.more++
		return
	}
	s.unread = append(s.unread, unread{Page: page.ID, Date: page.Date})
}

// place puts a reading into the chart, and into the table if it is in the part that is shown.
func (s *series) place(page store.MeasuredPage, date record.PageDate, reading measurement.Reading) {
	moment := dateText(date)
	for i := range s.points {
		value, ok := reading.Number(i)
		if ok {
			title := withUnit(reading.Values[i], s.kind.Parts[i].Unit) + ", " + moment
			s.points[i] = append(doubled(s.points[i]), chart.Point{Time: date.Time, Value: value, Title: title})
		}
	}

	if s.count >= s.skip && len(s.table) < readingsPerPage {
		s.table = append(s.table, placed{reading, page.ID, date})
	}
	s.count++
}

// doubled makes room for as many points again where there is none left. By itself append makes less.
func doubled(points []chart.Point) []chart.Point {
	if len(points) < cap(points) {
		return points
	}
	return slices.Grow(points, max(len(points), readingsPerPage))
}

// dateText writes a date as it is on the page's own clock.
func dateText(date record.PageDate) string {
	switch {
	case !date.Clock:
		return date.Time.Format(time.DateOnly)
	case date.Zoned:
		return date.Time.Format("2006-01-02 15:04 -07:00")
	default:
		return date.Time.Format("2006-01-02 15:04")
	}
}

// cellText gives the text of a value in the table, whose column has the unit of the kind.
func (p placed) cellText(part int, value string) message {
	if unit := p.Unit(part); value != "" && unit != p.Kind.Parts[part].Unit {
		return say("form.other_value", "value", withUnit(value, unit))
	}
	return valueText(measurement.Field{Kind: p.Kind, Part: part}, value)
}

func withUnit(value, unit string) string {
	if value == "" || unit == "" {
		return value
	}
	return value + " " + unit
}

// valueText gives the text of a value; words of the phone app have one in every language.
func valueText(at measurement.Field, value string) message {
	if at.Kind.Parts[at.Part].Words {
		for _, choice := range partChoices[at] {
			if choice.Value == value {
				return choice.Text
			}
		}
	}
	return say("form.other_value", "value", value)
}

// view gives what the screen shows.
func (s *series) view(c *gate.Caller, l *language, now time.Time) measurementsView {
	shown := measurementsView{
		MoreUnread: s.more, Any: s.kind != nil && s.count > 0, All: s.period.from(now).IsZero(), Everything: s.link(c, "measurements", s.name(), "all", 0),
		CSV: s.link(c, "measurements.csv", "", s.period.name, 0), Add: addPath(c),
	}
	for _, kind := range measurement.Kinds {
		last, found := s.last[kind]
		if found || kind == s.kind {
			shown.Kinds = append(shown.Kinds, choice{say(kindNames[kind]), lastText(last, found), s.link(c, "measurements", kind.Name, s.period.name, 0), kind == s.kind})
		}
	}
	for _, one := range periods {
		shown.Periods = append(shown.Periods, choice{Text: say(one.text), Href: s.link(c, "measurements", s.name(), one.name, 0), Current: one == s.period})
	}

	for _, page := range s.unread {
		page.Path = c.Path(personPath(c, "page", page.Page)...)
		shown.Unread = append(shown.Unread, page)
	}
	if shown.Any {
		s.fill(&shown, c, l, now)
	}
	return shown
}

// lastText writes a reading with its unit, such as 120/80 mmHg; one of words only is none.
func lastText(last measurement.Reading, found bool) message {
	hasNumber := false
	for i, value := range last.Values {
		hasNumber = hasNumber || value != "" && !last.Kind.Parts[i].Words
	}
	if !found || !hasNumber {
		return message{}
	}
	return say("form.other_value", "value", newReading(last).Value)
}

func (s *series) name() string {
	if s.kind == nil {
		return ""
	}
	return s.kind.Name
}

// fill adds chart and table.
func (s *series) fill(shown *measurementsView, c *gate.Caller, l *language, now time.Time) {
	shown.Chart = s.chart(l, now)
	for i, part := range s.kind.Parts {
		shown.Columns = append(shown.Columns, column{partName(measurement.Field{Kind: s.kind, Part: i}), part.Unit})
	}

	for _, one := range s.table {
		row := readingRow{Date: one.date, Path: c.Path(personPath(c, "page", one.page)...)}
		for i, value := range one.Values {
			row.Values = append(row.Values, cell{shown.Columns[i].Name, one.cellText(i, value)})
		}
		shown.Rows = append(shown.Rows, row)
	}

	if s.skip > 0 {
		shown.Pager.First = s.link(c, "measurements", s.name(), s.period.name, 0)
	}
	if next := s.skip + len(s.table); next < s.count {
		shown.Pager.Next = s.link(c, "measurements", s.name(), s.period.name, next)
	}
}

// chart draws the readings from the beginning of the period, or from the first one, until now.
func (s *series) chart(l *language, now time.Time) template.HTML {
	drawn := chart.Chart{Unit: s.kind.Parts[0].Unit, From: s.period.from(now), To: now, Tick: l.tick}
	for i, points := range s.points {
		if len(points) == 0 {
			continue
		}
		slices.Reverse(points)
		oldest, newest := points[0].Time, points[len(points)-1].Time
		if newest.After(drawn.To) {
			drawn.To = newest
		}
		if drawn.From.IsZero() || oldest.Before(drawn.From) {
			drawn.From = oldest.In(now.Location())
		}

		name, _ := l.plain(partName(measurement.Field{Kind: s.kind, Part: i}))
		drawn.Series = append(drawn.Series, chart.Series{Name: name, Points: points})
	}

	kind, _ := l.plain(say(kindNames[s.kind]))
	label := say("measured.chart", "kind", kind, "from", drawn.From.Format(time.DateOnly), "to", drawn.To.Format(time.DateOnly))
	drawn.Label, _ = l.plain(label)
	return drawn.HTML()
}

// shortMonths are the names of the months that fit below a chart.
var shortMonths = []string{
	"month.january", "month.february", "month.march", "month.april", "month.may", "month.june",
	"month.july", "month.august", "month.september", "month.october", "month.november", "month.december",
}

// tick writes a time of the axis of a chart.
func (l *language) tick(t time.Time, unit chart.Unit) string {
	month := l.texts[shortMonths[t.Month()-1]]
	switch unit {
	case chart.Hour:
		return t.Format("15:04")
	case chart.Day:
		return t.Format("2") + " " + month
	case chart.Month:
		return month
	default:
		return t.Format("2006")
	}
}
