// SPDX-License-Identifier: GPL-3.0-or-later

package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

var statisticsParameters = gate.NewParameters(
	gate.NewParameter("subject", "subject must be person or page.", func(q *store.StatisticsQuery, value string) bool {
		q.Subject = value
		return slices.Contains(store.StatisticsSubjects, value)
	}).With(gate.Enum(store.StatisticsSubjects...)),
	gate.NewParameter("by", "by must be some of institution, month and kind, with commas between them.", func(q *store.StatisticsQuery, value string) bool {
		q.By = strings.Split(value, ",")
		return !slices.ContainsFunc(q.By, func(name string) bool { return !slices.Contains(store.Dimensions, name) })
	}).With(`{"type": "string", "examples": ["institution,kind"]}`),
	gate.NewParameter("institution", "institution"+exactRule, func(q *store.StatisticsQuery, value string) bool {
		q.Institution = value
		return value != ""
	}),
	gate.NewParameter("kind", "kind"+exactRule, func(q *store.StatisticsQuery, value string) bool {
		q.Kind = value
		return value != ""
	}),
	gate.NewParameter("from", "from"+monthRule, func(q *store.StatisticsQuery, value string) (ok bool) {
		q.From, ok = parseMonth(value)
		return ok
	}).With(monthSchema),
	gate.NewParameter("to", "to"+monthRule, func(q *store.StatisticsQuery, value string) (ok bool) {
		q.To, ok = parseMonth(value)
		return ok
	}).With(monthSchema),
)

const (
	monthRule   = " must be a month (2024-05)."
	monthSchema = `{"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$", "examples": ["2024-05"]}`
	monthLayout = "2006-01"
)

func parseMonth(text string) (*time.Time, bool) {
	month, err := time.Parse(monthLayout, text)
	return &month, err == nil && month.Year() > 0
}

// getStatistics answers with counts of persons or pages, by month if nothing else is asked for.
func (h *public) getStatistics(w http.ResponseWriter, r *http.Request, _ *gate.Caller) error {
	asked, err := statisticsParameters.Read(r, store.StatisticsQuery{Subject: "page", By: []string{"month"}})
	if err != nil {
		return err
	}

	statistics, err := h.db.Statistics(r.Context(), asked)
	if err != nil {
		return err
	}
	gate.Reply(w, http.StatusOK, gate.JSONType, appendStatistics(nil, asked, statistics))
	return nil
}

// appendStatistics appends counts as JSON. A count has the keys that it was asked by; null as an
// institution or month is one that is not known.
func appendStatistics(b []byte, asked store.StatisticsQuery, s store.Statistics) []byte {
	b = s.Counted.UTC().AppendFormat(append(b, `{"counted":"`...), gate.ChangeTime)
	b = append(b, `","subject":"`+asked.Subject+`","counts":[`...)
	for i, count := range s.Counts {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		for _, name := range store.Dimensions {
			if slices.Contains(asked.By, name) {
				b = append(b, `"`+name+`":`...)
				b = append(append(b, dimension(count, name)...), ',')
			}
		}
		b = append(appendNumber(append(b, `"count":`...), count.Count), '}')
	}
	return append(b, "]}"...)
}

// dimension gives what a count is of, as JSON.
func dimension(c store.Count, name string) []byte {
	switch {
	case name == "kind":
		return fed.AppendText(nil, *c.Kind)
	case name == "month" && c.Month != nil:
		return fed.AppendText(nil, c.Month.Format(monthLayout))
	case name == "institution" && *c.Institution != "":
		return fed.AppendText(nil, *c.Institution)
	}
	return []byte("null")
}

func appendNumber(b []byte, n *int64) []byte {
	if n == nil {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, *n, 10)
}
