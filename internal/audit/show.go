// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/record"
)

// Names gives the names of accounts by their ids, as far as they have one.
type Names map[string]string

// columns of a sighting as people read it.
const columns = "%-19s  %-14s  %-24s  %-40s  %-16s  %s\n"

// WriteHead writes the heading of what WriteText writes.
func WriteHead(to io.Writer) error {
	_, err := fmt.Fprintf(to, columns, "time (UTC)", "account", "name", "what", "from", "answer")
	return err
}

// WriteText writes sightings for people, a line each.
func WriteText(to io.Writer, all []Sighting, names Names) error {
	for i := range all {
		s := &all[i]
		_, err := fmt.Fprintf(to, columns, s.Time.UTC().Format(time.DateTime), record.Visible(s.Account), record.Visible(names[s.Account]),
			record.Visible(s.what()), record.Visible(s.Address), s.answer())
		if err != nil {
			return err
		}
	}
	return nil
}

// what says what was seen.
func (s *Sighting) what() string {
	text := s.part()
	if s.Method != http.MethodGet {
		text = s.Method + " " + text
	}
	switch s.Way {
	case Listed:
		return text + ", in a list"
	case All:
		return text + ", of everybody"
	}
	return text
}

// part names the part of the person's records, or whose list it was in.
func (s *Sighting) part() string {
	switch {
	case s.Document != "":
		return s.Endpoint + " " + s.Document
	case s.Page != "":
		return s.Endpoint + " " + s.Page
	case s.Way == Listed && s.Person != "":
		return s.Endpoint + " of " + s.Person
	}
	return s.Endpoint
}

// answer says what came of it.
func (s *Sighting) answer() string {
	switch {
	case s.Status == http.StatusForbidden:
		return "refused"
	case s.Status < http.StatusMultipleChoices:
		return "given"
	case s.Status == http.StatusNotModified:
		return "unchanged"
	case s.Status == http.StatusNotFound:
		return "not there"
	}
	return "nothing (" + strconv.Itoa(s.Status) + ")"
}

// CSV writes sightings for spreadsheets.
type CSV struct {
	to    *csv.Writer
	begun bool
}

// NewCSV writes nothing yet.
func NewCSV(to io.Writer) *CSV { return &CSV{to: csv.NewWriter(to)} }

var csvHead = []string{"time", "account", "name", "method", "endpoint", "person", "page", "document", "way", "status", "address", "request"}

// Write writes sightings.
func (c *CSV) Write(all []Sighting, names Names) error {
	if !c.begun {
		c.begun = true
		_ = c.to.Write(csvHead) // Error has its error
	}
	for i := range all {
		s := &all[i]
		row := []string{
			s.Time.UTC().Format(lineTime), s.Account, names[s.Account], s.Method, s.Endpoint, s.Person, s.Page, s.Document,
			string(s.Way), strconv.Itoa(s.Status), s.Address, s.Request,
		}
		for i, cell := range row {
			row[i] = plainCell(cell)
		}
		_ = c.to.Write(row)
	}
	c.to.Flush()
	return c.to.Error()
}

// plainCell keeps a spreadsheet from taking a text for a formula: an apostrophe in front says
// that it is none.
func plainCell(text string) string {
	const formulas = "=+-@\t\r\n＝＋－＠"
	first := strings.TrimLeft(text, " \u00a0\ufeff")
	if strings.IndexAny(first, formulas) == 0 {
		return "'" + text
	}
	return text
}
