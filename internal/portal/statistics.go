// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"html/template"
	"net/http"
	"strconv"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/chart"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// statistics is the screen of counts.
type statistics struct{ *Portal }

func (p statistics) rows() []gate.Row {
	return []gate.Row{screen("GET", "/portal/statistics", access.Statistics, gate.Nobody, p.getStatistics)}
}

// countedMonths is how far back the chart and the table of months go.
const countedMonths = 24

// countRow is a line of a table of counts.
type countRow struct {
	Name  label
	Count message
	Value int64 // 0: too few persons to be told
}

// countTable is a table of counts.
type countTable struct {
	ID           string
	Title, About message // what is counted, and what it is counted by
	Rows         []countRow
	Most         int64 // of the values
}

// statisticsView is what the screen shows.
type statisticsView struct {
	Counted time.Time
	Chart   template.HTML
	Tables  []countTable
}

// personKinds are the names of the kinds of persons that are counted.
var personKinds = map[string]string{
	"active": "statistics.active", "closed": "statistics.closed", "no_account": "statistics.no_account",
}

// askedCounts is a table as the store is asked for it.
type askedCounts struct {
	id, title, about string
	query            store.StatisticsQuery
	name             func(store.Count) label
}

// getStatistics shows how many persons and pages there are.
func (p statistics) getStatistics(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	from := time.Now().AddDate(0, 1-countedMonths, 0)
	asked := []askedCounts{
		{"persons", "statistics.persons", "statistics.account", store.StatisticsQuery{Subject: "person", By: []string{"kind"}}, personKindOf},
		{"places", "statistics.persons_by_place", "statistics.place", store.StatisticsQuery{Subject: "person", By: []string{"institution"}}, institutionOf},
		{"months", "statistics.pages_by_month", "statistics.month", store.StatisticsQuery{Subject: "page", By: []string{"month"}, From: &from}, monthOf},
		{"kinds", "statistics.pages_by_kind", "statistics.kind", store.StatisticsQuery{Subject: "page", By: []string{"kind"}}, pageKindOf},
		{"senders", "statistics.pages_by_place", "statistics.place", store.StatisticsQuery{Subject: "page", By: []string{"institution"}}, institutionOf},
	}
	var queries []store.StatisticsQuery
	for _, one := range asked {
		queries = append(queries, one.query)
	}
	found, err := p.Store.StatisticsOf(r.Context(), queries)
	if err != nil {
		return err
	}

	shown := statisticsView{Counted: found[0].Counted}
	for i, one := range asked {
		if one.id == "months" {
			shown.Chart = p.drawMonths(r, c, found[i].Counts)
		}
		shown.Tables = append(shown.Tables, newCountTable(countTable{ID: one.id, Title: say(one.title), About: say(one.about)}, found[i].Counts, one.name))
	}
	return p.reply(w, r, c, http.StatusOK, view{Template: "statistics", Title: say("statistics.title"), Data: shown})
}

func newCountTable(t countTable, counts []store.Count, name func(store.Count) label) countTable {
	for _, count := range counts {
		row := countRow{Name: name(count), Count: say("statistics.few")}
		if count.Count != nil {
			row.Value = *count.Count
			row.Count = say("form.other_value", "value", groupDigits(row.Value))
		}
		t.Most = max(t.Most, row.Value)
		t.Rows = append(t.Rows, row)
	}
	return t
}

func personKindOf(c store.Count) label { return label{Name: say(personKinds[*c.Kind])} }
func pageKindOf(c store.Count) label   { return kindLabel(*c.Kind) }

func institutionOf(c store.Count) label {
	if *c.Institution == "" {
		return label{Name: say("statistics.nowhere")}
	}
	return label{Text: *c.Institution}
}

func monthOf(c store.Count) label { return label{Text: c.Month.Format("2006-01")} }

// drawMonths draws a line through the months that are told.
func (p statistics) drawMonths(r *http.Request, c *gate.Caller, counts []store.Count) template.HTML {
	l := p.languages.of(r, c)
	title, _ := l.plain(say("statistics.pages_by_month"))
	drawn := chart.Chart{Label: title, Tick: l.tick, Zero: true, Series: []chart.Series{{Name: title}}}
	for _, count := range counts {
		if count.Count == nil {
			continue
		}
		if drawn.From.IsZero() {
			drawn.From = *count.Month
		}
		drawn.To = *count.Month
		drawn.Series[0].Points = append(drawn.Series[0].Points, chart.Point{
			Time: *count.Month, Value: float64(*count.Count), Title: count.Month.Format("2006-01") + ": " + groupDigits(*count.Count),
		})
	}
	return drawn.HTML()
}

// groupDigits writes a number with narrow spaces between thousands, as every language reads it.
func groupDigits(n int64) string {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "\u202f" + text[at:]
	}
	return text
}
