// SPDX-License-Identifier: GPL-3.0-or-later

package audit

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// Names gives the names of accounts by their ids, as far as they have one.
type Names map[string]string

// columns are those of an access as people read it.
const columns = "%-19s  %-14s  %-24s  %-40s  %-16s  %s\n"

// WriteTextHeader writes the heading of the lines of WriteText.
func WriteTextHeader(to io.Writer) error {
	_, err := fmt.Fprintf(to, columns, "time (UTC)", "account", "name", "what", "from", "answer")
	return err
}

// WriteText writes accesses for people, a line each.
func WriteText(to io.Writer, all []Access, names Names) error {
	for i := range all {
		s := &all[i]
		_, err := fmt.Fprintf(to, columns, s.Time.UTC().Format(time.DateTime), record.Visible(s.Account), record.Visible(names[s.Account]),
			record.Visible(s.description()), record.Visible(s.Address), s.outcome())
		if err != nil {
			return err
		}
	}
	return nil
}

// description says which record was seen, and how.
func (s *Access) description() string {
	text := s.part()
	if s.Method != http.MethodGet {
		text = s.Method + " " + text
	}

	switch {
	case s.Emergency != "":
		return text + ", in an emergency"
	case s.Way == fed.AccessListed:
		return text + ", in a list"
	case s.Way == fed.AccessAll:
		return text + ", of everybody"
	default:
		return text
	}
}

// part names the part of the person's records, or the person whose list had this one.
func (s *Access) part() string {
	switch {
	case s.Document != "":
		return s.Endpoint + " " + s.Document
	case s.Page != "":
		return s.Endpoint + " " + s.Page
	case s.Way == fed.AccessListed && s.Person != "":
		return s.Endpoint + " of " + s.Person
	}
	return s.Endpoint
}

// outcome says whether the hub gave the record.
func (s *Access) outcome() string {
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
