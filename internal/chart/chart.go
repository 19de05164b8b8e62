// SPDX-License-Identifier: GPL-3.0-or-later

// Package chart draws values over time as SVG, for pages that allow neither scripts
// nor style attributes: positions are percentages, and looks are classes of Style. A
// chart is as wide as its place, and its texts keep their size.
package chart

import (
	_ "embed" // the style sheet
	"html/template"
	"math"
	"slices"
	"time"
)

// Style is the style sheet of charts. It takes the page's --ink, --paper, --line and
// --accent where it has them.
//
//go:embed chart.css
var Style string

// Chart is what is drawn. Time runs from left to right in every language.
type Chart struct {
	Label    string    // its name for those who cannot see it: what, from when to when
	Unit     string    // of the values
	Series   []Series  // two at most: a third would look like the second
	From, To time.Time // the ends of the time axis, in its zone; a day apart at least; points outside are left out
	Zero     bool      // the values are shown from zero on, as counts are

	// Tick gives the text at a time of the axis: the hour, the day with its month,
	// the month or the year.
	Tick func(t time.Time, unit Unit) string
}

// Series is a line of points with its name, which stands below a chart of several.
type Series struct {
	Name   string
	Points []Point // in any order; that of time is drawn fastest
}

// Point is a value at a time.
type Point struct {
	Time  time.Time
	Value float64
	Title string // seen at the pointer: the exact value and time
}

// HTML gives the chart, or nothing if there is no point between From and To.
func (c Chart) HTML() template.HTML {
	x := timeAxis{c.From, c.To.In(c.From.Location())}
	if lack := 86_400 - seconds(x.from, x.to); lack > 0 {
		half := time.Duration(lack / 2 * float64(time.Second))
		x = timeAxis{x.from.Add(-half), x.to.Add(half)}
	}

	var values []float64
	if c.Zero {
		values = append(values, 0)
	}
	lines := make([][]Point, len(c.Series))
	for i, series := range c.Series {
		lines[i] = x.visible(series.Points)
		for _, p := range lines[i] {
			values = append(values, p.Value)
		}
	}
	if !slices.ContainsFunc(lines, func(line []Point) bool { return len(line) > 0 }) {
		return ""
	}

	d := drawing{x: x, y: newValueAxis(slices.Min(values), slices.Max(values)), html: make([]byte, 0, 4096+128*len(values))}
	d.chart(c, lines)
	return template.HTML(d.html) //nolint:gosec // every text of others was escaped
}

// visible gives the points between the ends of the axis in the order of time, as many
// as can be told apart.
func (x timeAxis) visible(points []Point) []Point {
	inside := make([]Point, 0, len(points))
	for _, p := range points {
		if !p.Time.Before(x.from) && !p.Time.After(x.to) && !math.IsNaN(p.Value) && !math.IsInf(p.Value, 0) {
			inside = append(inside, p)
		}
	}
	slices.SortStableFunc(inside, func(a, b Point) int { return a.Time.Compare(b.Time) })
	return x.thinned(inside)
}
