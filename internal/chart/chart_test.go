// SPDX-License-Identifier: GPL-3.0-or-later

package chart

import (
	"encoding/xml"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// element is a part of a chart, as a browser reads it.
type element struct {
	XMLName  xml.Name
	Class    string    `xml:"class,attr"`
	X        string    `xml:"x,attr"`
	Y        string    `xml:"y,attr"`
	CX       string    `xml:"cx,attr"`
	CY       string    `xml:"cy,attr"`
	D        string    `xml:"d,attr"`
	Label    string    `xml:"aria-label,attr"`
	Title    string    `xml:"title"`
	Text     string    `xml:",chardata"`
	Children []element `xml:",any"`
}

// all gives the elements of a name within one of a class.
func (e element) all(class, name string) (found []element) {
	for _, child := range e.Children {
		if child.XMLName.Local == name && strings.Contains(e.Class, class) {
			found = append(found, child)
		}
		if strings.Contains(child.Class, "chart-") && !strings.Contains(e.Class, class) || child.XMLName.Local == "svg" {
			if !strings.Contains(child.Class, "chart-") {
				child.Class = e.Class
			}
			found = append(found, child.all(class, name)...)
		}
	}
	return found
}

func parsed(t interface{ Fatal(...any) }, c Chart) (e element) {
	err := xml.Unmarshal([]byte("<div>"+string(c.HTML())+"</div>"), &e)
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range e.Children {
		if child.Class == "chart" {
			return child
		}
	}
	t.Fatal("no chart")
	return e
}

func percent(text string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

// valuesFrom gives the value at a height, by the texts of the value axis alone.
func valuesFrom(t interface{ Fatal(...any) }, e element) func(y float64) float64 {
	texts := e.all("chart-values", "text")[1:] // after the unit
	if len(texts) < 2 {
		t.Fatal("no scale: ", texts)
	}
	first, last := texts[0], texts[len(texts)-1]
	low, high := percent(first.Text), percent(last.Text)
	bottom, top := percent(first.Y), percent(last.Y)
	if bottom != 100 || top != 0 {
		t.Fatal("the value axis goes from ", bottom, " to ", top)
	}
	return func(y float64) float64 { return low + (high-low)*(bottom-y)/(bottom-top) }
}

var (
	from = time.Date(2024, 11, 27, 8, 0, 0, 0, time.UTC)
	to   = time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
)

func tickText(t time.Time, unit Unit) string {
	return t.Format([]string{Hour: "15:04", Day: "2 Jan", Month: "Jan", Year: "2006"}[unit])
}

func chartOf(series ...[]Point) Chart {
	c := Chart{Label: "Weight", Unit: "kg", From: from, To: to, Tick: tickText}
	for i, points := range series {
		c.Series = append(c.Series, Series{fmt.Sprint("series ", i), points})
	}
	return c
}

// shown gives the points back that an SVG shows, with the exact values of their titles.
func shown(t interface{ Fatal(...any) }, c Chart) (all [][]Point) {
	e := parsed(t, c)
	value := valuesFrom(t, e)
	for _, s := range []struct{ class, name string }{{"chart-first", "circle"}, {"chart-second", "rect"}} {
		var points []Point
		for _, dot := range e.all(s.class, s.name) {
			x := percent(dot.CX + dot.X)
			at := c.From.Add(time.Duration(x / 100 * float64(c.To.Sub(c.From))))
			points = append(points, Point{at, value(percent(dot.CY + dot.Y)), dot.Title})
		}
		all = append(all, points)
	}
	return all
}

// apart makes points that are so far apart that each is drawn.
func apart(name string, decimals int) *rapid.Generator[[]Point] {
	return rapid.Custom(func(t *rapid.T) (points []Point) {
		middle := rapid.Float64Range(-3, 20_000).Draw(t, "middle")
		width := rapid.Float64Range(0, 500).Draw(t, "width")
		for n := range rapid.IntRange(1, 60).Draw(t, name) {
			at := from.Add(time.Duration(n)*12*24*time.Hour + time.Duration(rapid.IntRange(0, 9*24*60).Draw(t, "minutes"))*time.Minute)
			text := strconv.FormatFloat(middle+rapid.Float64Range(-width, width).Draw(t, "value"), 'f', decimals, 64)
			points = append(points, Point{at, percent(text), text + " " + name})
		}
		return points
	})
}

func TestTheChartShowsEachReadingWhereItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := [][]Point{apart("first", 1).Draw(t, "first"), apart("second", 0).Draw(t, "second")}
		got := shown(t, chartOf(slices.Clone(want[0]), slices.Clone(want[1])))

		values := slices.Concat(want...)
		byValue := func(a, b Point) int { return int(math.Copysign(1, a.Value-b.Value)) }
		low, high := slices.MinFunc(values, byValue).Value, slices.MaxFunc(values, byValue).Value
		near := 0.0002*(high-low) + 0.00002*max(math.Abs(low), math.Abs(high)) + 0.0002
		for i := range want {
			if len(got[i]) != len(want[i]) {
				t.Fatalf("series %d shows %d of %d points", i, len(got[i]), len(want[i]))
			}
			for j, p := range want[i] {
				q := got[i][j]
				if q.Title != p.Title || math.Abs(q.Value-p.Value) > near || q.Time.Sub(p.Time).Abs() > time.Hour {
					t.Fatalf("%v is shown as %v", p, q)
				}
			}
		}
	})
}

func TestAChangedValueMovesItsDot(t *testing.T) {
	points := []Point{{from, 60, "a"}, {from.AddDate(0, 2, 0), 70, "b"}, {from.AddDate(0, 4, 0), 80, "c"}}
	before := shown(t, chartOf(points))[0]
	points[1].Value = 70.1
	after := shown(t, chartOf(points))[0]
	if before[0] != after[0] || before[2] != after[2] || after[1].Value <= before[1].Value {
		t.Errorf("before %v, after %v", before, after)
	}
}

func TestPointsAreDrawnInTheOrderOfTime(t *testing.T) {
	points := []Point{{to, 3, "c"}, {from, 1, "a"}, {from.AddDate(0, 1, 0), 2, "b"}}
	if got := titles(shown(t, chartOf(points))[0]); got != "a b c" {
		t.Errorf("got %s", got)
	}
	if points[0].Title != "c" {
		t.Error("the caller's points were sorted")
	}
}

func titles(points []Point) string {
	var all []string
	for _, p := range points {
		all = append(all, p.Title)
	}
	return strings.Join(all, " ")
}

func TestOfManyReadingsFirstLowestHighestAndLastAreSeen(t *testing.T) {
	at := func(minute int) time.Time { return from.Add(time.Duration(minute) * time.Minute) }
	points := []Point{
		{at(0), 70, "first"}, {at(1), 71, "-"}, {at(2), 90, "high"}, {at(3), 90, "-"}, {at(4), 72, "-"}, {at(5), 50, "low"}, {at(6), 71, "last"},
		{at(60 * 24 * 100), 70, "alone"},
	}
	if got := titles(shown(t, chartOf(points))[0]); got != "first high low last alone" {
		t.Errorf("got %s", got)
	}
}

func TestTwoValuesOfOneMinuteAreBothSeen(t *testing.T) {
	got := shown(t, chartOf([]Point{{from, 70, "a"}, {from, 80, "b"}}))[0]
	if titles(got) != "a b" || math.Abs(got[0].Value-70) > .01 || math.Abs(got[1].Value-80) > .01 {
		t.Errorf("got %v", got)
	}
}

func TestPointsAreJoinedWithinNinetyDays(t *testing.T) {
	first, second := from.AddDate(0, 0, 90), from.AddDate(0, 0, 180).Add(time.Second)
	e := parsed(t, chartOf([]Point{{from, 1, ""}, {first, 2, ""}, {second, 3, ""}}))
	paths := e.all("chart-first", "path")
	if len(paths) != 1 || commands(paths[0].D) != "MLM" {
		t.Errorf("got %v", paths)
	}
}

func commands(d string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("ML", r) {
			return r
		}
		return -1
	}, d)
}

func TestNothingIsDrawnOutsideOfTheTimes(t *testing.T) {
	c := chartOf([]Point{{from.Add(-time.Minute), 5, "early"}, {from, 60, "a"}, {to, 70, "b"}, {to.Add(time.Minute), 500, "late"}})
	if got := titles(shown(t, c)[0]); got != "a b" {
		t.Errorf("got %s", got)
	}
	if got := chartOf([]Point{{to.Add(time.Minute), 1, ""}}).HTML(); got != "" {
		t.Errorf("without a point there is %s", got)
	}
	if got := (Chart{}).HTML(); got != "" {
		t.Errorf("without a series there is %s", got)
	}
}

// No axis has an end that holds them.
func TestValuesThatAreNoNumberAreLeftOut(t *testing.T) {
	points := []Point{{from, math.NaN(), "nan"}, {from, math.Inf(1), "inf"}, {from, math.Inf(-1), "-inf"}, {from, 60, "a"}}
	if got := titles(timeAxis{from, to}.visible(points)); got != "a" {
		t.Errorf("got %s", got)
	}
}

func TestOneReadingIsAChart(t *testing.T) {
	c := chartOf([]Point{{to, 36.6, "one"}})
	c.From = c.To
	e := parsed(t, c)
	dots, texts := e.all("chart-first", "circle"), e.all("chart-times", "text")
	if len(dots) != 1 || dots[0].CX != "50.00%" || len(texts) < 3 || math.Abs(valuesFrom(t, e)(percent(dots[0].CY))-36.6) > .01 {
		t.Errorf("dots %v, texts %v", dots, texts)
	}
}

func TestTextsOfOthersAreEscaped(t *testing.T) {
	evil := `"><script>alert(1)</script><g style='x' onload="a">&`
	c := chartOf([]Point{{from, 1, evil}}, []Point{{to, 2, evil}})
	c.Label, c.Unit, c.Series[0].Name, c.Series[1].Name = evil, evil, evil, evil
	c.Tick = func(time.Time, Unit) string { return evil }

	e := parsed(t, c)
	if e.Label != evil || shown(t, chartOf([]Point{{from, 1, evil}}))[0][0].Title != evil {
		t.Errorf("the label is %s", e.Label)
	}
	html := string(c.HTML())
	for _, part := range []string{"<script", "<g style", `"a"`} {
		if strings.Contains(html, part) {
			t.Errorf("%s is in %s", part, html)
		}
	}
}

// A strict Content-Security-Policy turns what has a style attribute black.
func TestLooksAreClassesOfTheStyleSheet(t *testing.T) {
	points := manyPoints(1000)
	html := string(chartOf(points, points).HTML())
	for _, attribute := range []string{" style=", " fill=", " stroke=", " on", "href", "url("} {
		if strings.Contains(html, attribute) {
			t.Errorf("there is a %s", attribute)
		}
	}
	for rest := html; strings.Contains(rest, `class="`); {
		var class string
		_, rest, _ = strings.Cut(rest, `class="`)
		class, rest, _ = strings.Cut(rest, `"`)
		for _, name := range strings.Fields(class) {
			if !strings.Contains(Style, "."+name) {
				t.Fatalf("the style sheet has no %s", name)
			}
		}
	}
	if !strings.HasPrefix(html, `<svg class="chart" role="img" aria-label="Weight">`) {
		t.Errorf("the chart has no name: %.100s", html)
	}
}

func TestOnlyAChartOfSeveralSeriesNamesThem(t *testing.T) {
	one, two := string(chartOf([]Point{{from, 1, ""}}).HTML()), string(chartOf([]Point{{from, 1, ""}}, []Point{{from, 2, ""}}).HTML())
	if strings.Contains(one, "series 0") || !strings.Contains(two, "series 0</span>") || !strings.Contains(two, "series 1</span>") {
		t.Errorf("one: %s, two: %s", one, two)
	}
}

// manyPoints makes readings of two years.
func manyPoints(n int) (points []Point) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		at := from.Add(time.Duration(float64(to.Sub(from)) * float64(i) / float64(n)))
		points = append(points, Point{at, 60 + float64(random.IntN(600))/10, at.Format("2 January 2006 15:04") + ": 120 mmHg"})
	}
	return points
}

func TestAChartOfManyReadingsIsSmall(t *testing.T) {
	points := manyPoints(10_000)
	if size := len(chartOf(points, points).HTML()); size > 400_000 {
		t.Errorf("%d bytes", size)
	}
}

func BenchmarkTwoYears(b *testing.B) {
	points := manyPoints(10_000)
	for b.Loop() {
		chartOf(points).HTML()
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		from, to    string
		wide, small string // texts of a wide and a narrow chart
	}{
		{"2026-11-26 20:00", "2026-11-27 20:00", "21:00 26 Nov|00:00 27 Nov|03:00|06:00|09:00|12:00|15:00|18:00", "00:00 27 Nov|06:00|12:00|18:00"},
		{"2026-11-25 08:00", "2026-11-28 08:00", "12:00 25 Nov|18:00|00:00 26 Nov|06:00|12:00|18:00|00:00 27 Nov|06:00|12:00|18:00|00:00 28 Nov|06:00", "00:00 26 Nov|00:00 27 Nov|00:00 28 Nov"},
		{"2026-11-20 09:00", "2026-11-27 09:00", "21 Nov 2026|22 Nov|23 Nov|24 Nov|25 Nov|26 Nov|27 Nov", "21 Nov 2026|23 Nov|25 Nov|27 Nov"},
		{"2026-08-27 09:00", "2026-11-27 09:00", "10 Sep 2026|24 Sep|8 Oct|22 Oct|5 Nov|19 Nov", "24 Sep 2026|22 Oct|19 Nov"},
		{"2025-11-27 09:00", "2026-11-27 09:00", "Dec 2025|Jan 2026|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov", "Jan 2026|Apr|Jul|Oct"},
		{"2024-11-27 09:00", "2026-11-27 09:00", "Jan 2025|Mar|May|Jul|Sep|Nov|Jan 2026|Mar|May|Jul|Sep|Nov", "Jan 2025|Jul|Jan 2026|Jul"},
		{"1992-05-01 00:00", "2026-11-27 00:00", "1995|2000|2005|2010|2015|2020|2025", "2000|2010|2020"},
		{"1969-12-28 00:00", "1970-01-03 00:00", "28 Dec 1969|29 Dec|30 Dec|31 Dec|1 Jan 1970|2 Jan|3 Jan", "28 Dec 1969|30 Dec|1 Jan 1970|3 Jan"},
		{"0001-01-01 00:00", "9999-12-31 00:00", "1000|2000|3000|4000|5000|6000|7000|8000|9000", "2000|4000|6000|8000"},
	} {
		from, _ := time.Parse("2006-01-02 15:04", c.from)
		to, _ := time.Parse("2006-01-02 15:04", c.to)
		ticks, unit := timeAxis{from, to}.ticks()
		if diff := cmp.Diff([]string{c.wide, c.small}, []string{ticksIn(ticks, unit, narrowOnly), ticksIn(ticks, unit, wideOnly)}); diff != "" {
			t.Errorf("%s to %s: %s", c.from, c.to, diff)
		}
	}
}

// ticksIn gives the texts of a chart that does not show a class.
func ticksIn(ticks []tick, unit Unit, hidden string) string {
	var all []string
	for _, tick := range ticks {
		text := tickText(tick.time, unit)
		if tick.outer && tick.outerClass != hidden {
			text += " " + tickText(tick.time, unit.outer())
		}
		if tick.class != hidden {
			all = append(all, text)
		}
	}
	return strings.Join(all, "|")
}

func TestTicksFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.Int64Range(24*60, 1<<rapid.IntRange(11, 32).Draw(t, "size")).Draw(t, "minutes")
		from := time.Unix(rapid.Int64Range(-50_000_000_000, 5_000_000_000).Draw(t, "from"), 0).UTC()
		ticks, _ := timeAxis{from, time.Unix(from.Unix()+60*minutes, 0).UTC()}.ticks()
		small := 0
		for _, tick := range ticks {
			if tick.class == "" {
				small++
			}
		}
		if len(ticks) < 2 || len(ticks) > wideTicks || small < 1 || small > narrowTicks {
			t.Fatalf("%d minutes have %d ticks, %d when narrow", minutes, len(ticks), small)
		}
	})
}

func TestTheValueAxisHasRoundNumbers(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{60, 140, "60 80 100 120 140"}, {71, 118, "60 80 100 120"}, {70.1, 70.2, "68 69 70 71 72"}, {36.6, 36.6, "35.5 36.0 36.5 37.0 37.5 38.0"},
		{0, 0, "0.0 0.5 1.0"}, {-3, 3, "-4 -2 0 2 4"}, {0, 3, "0 1 2 3"}, {0, 9800, "0 5000 10000"}, {1e9, 2e9, "1e+09 1.5e+09 2e+09"},
		{98, 98, "94 96 98 100 102"}, {0.001, 0.004, "0.001 0.002 0.003 0.004"},
	} {
		axis := newValueAxis(c.low, c.high)
		var all []string
		for n := axis.first; n <= axis.last; n++ {
			all = append(all, axis.text(n))
		}
		if got := strings.Join(all, " "); got != c.want {
			t.Errorf("%v to %v: got %s, want %s", c.low, c.high, got, c.want)
		}
	}
}

func TestCountsAreShownFromZero(t *testing.T) {
	t.Parallel()
	c := chartOf([]Point{{Time: from, Value: 900}, {Time: to, Value: 1000}})
	if lowest := parsed(t, c).all("chart-values", "text")[1].Text; lowest == "0" {
		t.Error("a reading is shown from zero")
	}
	c.Zero = true
	e := parsed(t, c)
	if lowest := e.all("chart-values", "text")[1].Text; lowest != "0" {
		t.Errorf("the values begin with %s", lowest)
	}
	if dots := e.all("chart-first", "circle"); len(dots) != 2 {
		t.Errorf("there are %d dots", len(dots))
	}

	none := chartOf(nil)
	none.Zero = true
	if got := none.HTML(); got != "" {
		t.Errorf("without a count there is %s", got)
	}
}
