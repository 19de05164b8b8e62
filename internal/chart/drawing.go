// SPDX-License-Identifier: GPL-3.0-or-later

package chart

import (
	"html/template"
	"strconv"
	"time"
)

const (
	longestGap = 90 * 24 * time.Hour // between points that are joined: nobody knows what was between others
	manyDots   = 120                 // of a series, which are then smaller
)

// drawing is SVG that is being written. Numbers are percentages.
type drawing struct {
	html []byte
	x    timeAxis
	y    valueAxis
}

// chart draws all of a chart, the points that are visible in lines.
func (d *drawing) chart(c Chart, lines [][]Point) {
	d.write(`<svg class="chart" role="img" aria-label="`).text(c.Label).write(`">`)
	d.values(c.Unit)
	d.times(c.Tick)
	for i, points := range lines {
		d.series(i, points)
	}
	d.write(`</svg>`)

	if len(c.Series) > 1 {
		d.legend(c.Series)
	}
}

func (d *drawing) write(html string) *drawing {
	d.html = append(d.html, html...)
	return d
}

func (d *drawing) text(text string) *drawing { return d.write(template.HTMLEscapeString(text)) }

func (d *drawing) number(n float64) *drawing {
	d.html = strconv.AppendFloat(d.html, n, 'f', 2, 64)
	return d
}

// values draws the grid lines of the values, with their texts left of them.
func (d *drawing) values(unit string) {
	d.write(`<g class="chart-values"><text class="chart-unit" x="-3rem" y="-14">`).text(unit).write(`</text>`)
	for n := d.y.first; n <= d.y.last; n++ {
		at := d.y.percent(float64(n) * d.y.step)
		d.write(`<line x2="100%" y1="`).number(at).write(`%" y2="`).number(at).write(`%"/>`)
		d.write(`<text x="-8" dy="4" y="`).number(at).write(`%">`).text(d.y.text(n)).write(`</text>`)
	}
	d.write(`</g>`)
}

// times draws the texts below, with the unit around them in a second line where it
// begins.
func (d *drawing) times(text func(time.Time, Unit) string) {
	d.write(`<g class="chart-times">`)
	ticks, unit := d.x.ticks()
	for _, tick := range ticks {
		at := d.x.percent(tick.time)
		d.write(`<line class="`).write(tick.class).write(`" y1="100%" y2="100%" x1="`).number(at).write(`%" x2="`).number(at).write(`%"/>`)
		d.timeText(at, "21", tick.class, text(tick.time, unit))
		if tick.outer {
			d.timeText(at, "38", tick.outerClass, text(tick.time, unit.outer()))
		}
	}
	d.write(`</g>`)
}

// timeText writes a text below the chart; one at the right end does not reach out.
func (d *drawing) timeText(at float64, below, class, text string) {
	anchor := "middle"
	if at > 96 {
		anchor = "end"
	}
	d.write(`<text class="`).write(class).write(`" text-anchor="`).write(anchor).write(`" y="100%" dy="`).write(below)
	d.write(`" x="`).number(at).write(`%">`).text(text).write(`</text>`)
}

// series draws the line of a series and then its dots: discs, and squares for the second.
func (d *drawing) series(n int, points []Point) {
	class := "chart-first"
	if n > 0 {
		class = "chart-second"
	}
	if len(points) > manyDots {
		class += " chart-many"
	}

	d.write(`<g class="`).write(class).write(`"><svg viewBox="0 0 100 100" preserveAspectRatio="none"><path d="`)
	d.path(points)
	d.write(`"/></svg>`)
	for _, p := range points {
		d.dot(n, p)
	}
	d.write(`</g>`)
}

func (d *drawing) path(points []Point) {
	for i, p := range points {
		command := "M"
		if i > 0 && p.Time.Sub(points[i-1].Time) <= longestGap {
			command = "L"
		}
		d.write(command).number(d.x.percent(p.Time)).write(" ").number(d.y.percent(p.Value))
	}
}

func (d *drawing) dot(n int, p Point) {
	x, y, size, end := `<circle cx="`, `%" cy="`, ` r="4`, `</circle>`
	if n > 0 {
		x, y, size, end = `<rect x="`, `%" y="`, ` width="7" height="7`, `</rect>`
	}
	d.write(x).number(d.x.percent(p.Time)).write(y).number(d.y.percent(p.Value)).write(`%"`).write(size)
	d.write(`"><title>`).text(p.Title).write(`</title>`).write(end)
}

// legend tells the series apart, below the chart.
func (d *drawing) legend(all []Series) {
	d.write(`<p class="chart-legend">`)
	for n, series := range all {
		key := `<svg class="chart-key chart-first" aria-hidden="true"><line x2="100%" y1="50%" y2="50%"/><circle cx="50%" cy="50%" r="4"/></svg>`
		if n > 0 {
			key = `<svg class="chart-key chart-second" aria-hidden="true"><line x2="100%" y1="50%" y2="50%"/><rect x="50%" y="50%" width="7" height="7"/></svg>`
		}
		d.write(`<span>`).write(key).text(series.Name).write(`</span>`)
	}
	d.write(`</p>`)
}
