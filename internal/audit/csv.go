// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// CSV writes accesses for spreadsheets.
type CSV struct {
	to    *csv.Writer
	begun bool
}

// NewCSV writes nothing yet.
func NewCSV(to io.Writer) *CSV { return &CSV{to: csv.NewWriter(to)} }

// csvHead names the columns.
var csvHead = []string{"time", "account", "name", "method", "endpoint", "person", "page", "document", "way", "status", "address", "request", "purpose", "emergency"}

// Write writes accesses.
func (c *CSV) Write(all []Access, names Names) error {
	if !c.begun {
		c.begun = true
		_ = c.to.Write(csvHead) // Error has its error
	}

	for i := range all {
		s := &all[i]
		row := []string{
			s.Time.UTC().Format(lineTime), s.Account, names[s.Account], s.Method, s.Endpoint, s.Person, s.Page, s.Document,
			string(s.Way), strconv.Itoa(s.Status), s.Address, s.Request, s.Purpose, s.Emergency,
		}
		for i, cell := range row {
			row[i] = plainCell(cell)
		}

		_ = c.to.Write(row)
	}

	c.to.Flush()
	return c.to.Error()
}

// plainCell puts an apostrophe before a text that a spreadsheet would take for a formula.
func plainCell(text string) string {
	const formulas = "=+-@\t\r\n＝＋－＠"
	first := strings.TrimLeft(text, " \u00a0\ufeff")
	if strings.IndexAny(first, formulas) == 0 {
		return "'" + text
	}
	return text
}
