// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"thalamus/internal/gate"
	"thalamus/internal/measurement"
)

// measurements is the screen of measurements, and their file.
type measurements struct{ *Portal }

// Bounds of the lists of the screen.
const (
	readingsPerPage = 25
	maxUnread       = 10 // pages that are named; of more the number is told
)

// period is how far back the measurements go.
type period struct {
	name          string // in the query
	text          string
	years, months int // 0 and 0: all
}

// usualPeriod is for a query that names none of the periods.
var usualPeriod = period{"1y", "period.year", 1, 0}

// periods are those that are offered.
var periods = []period{
	{"3m", "period.three_months", 0, 3},
	usualPeriod,
	{"2y", "period.two_years", 2, 0},
	{"all", "period.all", 0, 0},
}

func periodNamed(name string) period {
	for _, one := range periods {
		if one.name == name {
			return one
		}
	}
	return usualPeriod
}

// from is when the period begins; zero: there is no beginning.
func (p period) from(now time.Time) time.Time {
	if p.years == 0 && p.months == 0 {
		return time.Time{}
	}
	return now.AddDate(-p.years, -p.months, 0)
}

// choice is a link to another view of the measurements.
type choice struct {
	Text    message
	Last    message // the newest value of a kind
	Href    string
	Current bool
}

// measurementsView is what the screen shows.
type measurementsView struct {
	Kinds, Periods []choice
	Columns        []column
	Rows           []readingRow
	Chart          template.HTML
	Unread         []unread
	MoreUnread     int
	CSV            string
	Add            string // href of a new page; "": the caller may not write one
	Pager          pager
	Any            bool // there is a measurement in the period
	All            bool // the period has no beginning
	Everything     string
}

// getMeasurements shows one kind of measurements over a time, and the newest value of each.
func (p measurements) getMeasurements(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	query, now := r.URL.Query(), time.Now()
	s := newSeries(measurement.KindNamed(query.Get("kind")), periodNamed(query.Get("period")))
	after, _ := strconv.Atoi(query.Get("after"))
	s.skip = max(after, 0)
	if err := p.Store.For(c.Reader()).EachMeasured(r.Context(), c.Subject, s.period.from(now), s.take); err != nil {
		return err
	}

	title, err := p.titleOf(r, c, "measured.title", "measured.title_of")
	if err != nil {
		return err
	}

	language := p.languages.of(r, c)
	return p.reply(w, r, c, http.StatusOK, view{Template: "measurements", Title: title, Data: s.view(c, language, now)})
}

// link is the path of the screen with another query.
func (s *series) link(c *gate.Caller, screen, kind, period string, after int) string {
	query := url.Values{"kind": {kind}, "period": {period}}
	if after > 0 {
		query.Set("after", strconv.Itoa(after))
	}
	return c.Path(personPath(c, screen)...) + "?" + query.Encode()
}
