// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/gate"
	"thalamus/internal/measurement"
	"thalamus/internal/store"
)

// getMeasurementsCSV sends all measurements of a period, a line for each value, the newest first.
// Names of columns, kinds and units are the same in every language, for programs.
func (p measurements) getMeasurementsCSV(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	header := w.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Content-Disposition", `attachment; filename="measurements.csv"`)

	file := csv.NewWriter(gate.NewMinRateWriter(w))
	_ = file.Write([]string{"date", "kind", "part", "value", "unit", "page"}) // Flush tells
	from := periodNamed(r.URL.Query().Get("period")).from(time.Now())
	err := p.Store.For(c.Reader()).EachMeasured(r.Context(), c.Subject, from, func(page store.MeasuredPage) error {
		return writeReadings(file, page)
	})
	if err != nil {
		return err
	}

	file.Flush()
	return file.Error()
}

func writeReadings(file *csv.Writer, page store.MeasuredPage) error {
	for _, reading := range measurement.Read(page.Date, page.Measurements).AllReadings() {
		for i, value := range reading.Values {
			if value == "" {
				continue
			}

			part, unit := reading.Kind.Parts[i].Name, safeCell(reading.Unit(i))
			if err := file.Write([]string{safeCell(page.Date), reading.Kind.Name, part, safeCell(value), unit, safeCell(page.ID)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// safeCell keeps spreadsheets from taking a text for a formula: they run what begins with one of
// these characters. Numbers are no formulas.
func safeCell(text string) string {
	_, err := strconv.ParseFloat(text, 64)
	if err == nil || text == "" || !strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return text
	}
	return "'" + text
}
