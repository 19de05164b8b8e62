// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// accessDay is the accesses of a day of UTC.
type accessDay struct {
	Day     record.PageDate
	Entries []accessEntry
}

// accessEntry is an access: who has read what, when and in which role.
type accessEntry struct {
	Time          time.Time
	Account, Name string
	Roles         []label
	What          *label    // nil: Page says it
	Page          *pageLink // nil: it was to no page, or to one that is not to be shown
	Wrote         message   // zero: it only read
	Refused       message   // zero: the records were shown
	Purpose       message   // zero: none was said

	Person, Address, Request string // for auditors; Person: whose list had the person
}

// pageLink leads to the page that an access was to.
type pageLink struct {
	Path string // href
	head
}

// whatKeys are the names of what was read, by the way in which it was about the person.
var whatKeys = map[fed.AccessWay]map[access.Endpoint]string{
	fed.AccessAsked: {
		access.Person: "what.person", access.Book: "what.book", access.Page: "what.page", access.History: "what.history",
		access.PersonalDocs: "what.documents", access.PolDocs: "what.page_documents", access.Document: "what.document",
		access.Password: "what.password", access.Access: "what.access", access.Matches: "what.matches", access.Links: "what.links",
		access.Changes: "what.changes", access.Roles: "what.account",
		access.Consents: "what.consents", access.Emergency: "what.emergency", access.Emergencies: "what.emergencies",
	},
	fed.AccessListed: {
		access.People: "what.list", access.Person: "what.others_person", access.Access: "what.access", access.Roles: "what.accounts", access.Changes: "what.changes",
		access.Matches: "what.others_matches", access.Links: "what.others_links", access.Emergencies: "what.emergencies",
	},
	fed.AccessAll: {access.People: "what.everybody", access.Changes: "what.changes"},
}

func whatLabel(a store.Access, page *pageLink) *label {
	if page != nil && access.Endpoint(a.Endpoint) == access.Page {
		return nil
	}
	if key, ok := whatKeys[a.Way][access.Endpoint(a.Endpoint)]; ok {
		return &label{Name: say(key)}
	}
	return &label{Text: a.Endpoint}
}

func newAccessEntry(a store.Access, page *pageLink, toAuditor bool) accessEntry {
	e := accessEntry{
		Time: a.Time.UTC(), Account: a.Account, Name: a.Name, Roles: roleLabels(a.Roles),
		What: whatLabel(a, page), Page: page, Wrote: wroteLabel(a), Refused: refusedLabel(a), Purpose: purposeLabel(a),
	}
	if !toAuditor {
		return e
	}

	e.Address, e.Request = a.Address, a.Request
	if a.Way != fed.AccessAsked {
		e.Person = a.Person
	}
	return e
}

func wroteLabel(a store.Access) message {
	switch {
	case a.Method == http.MethodGet || a.Method == http.MethodHead || access.Endpoint(a.Endpoint) == access.Emergency:
		return message{}
	case a.Status >= http.StatusBadRequest:
		return say("access.would_write")
	default:
		return say("access.wrote")
	}
}

// purposeLabel says for what somebody has read, as HL7's PurposeOfUse has it.
func purposeLabel(a store.Access) message {
	switch {
	case a.Emergency != "":
		return say("access.emergency")
	case a.Purpose == fed.FamilyRequest:
		return say("access.acting")
	case a.Purpose != "":
		return say("access.purpose", "purpose", a.Purpose)
	default:
		return message{}
	}
}

func refusedLabel(a store.Access) message {
	switch {
	case a.Status == http.StatusForbidden:
		return say("access.refused")
	case a.Status >= http.StatusBadRequest:
		return say("access.nothing_shown")
	default:
		return message{}
	}
}

// datesOf gives the dates of the pages that were read, if the caller may read them, too.
func (p accesses) datesOf(r *http.Request, c *gate.Caller, found []store.Access) (map[string]string, error) {
	var ids []string
	for _, a := range found {
		if c.May(http.MethodGet, access.Page) && a.Way == fed.AccessAsked && a.Page != "" {
			ids = append(ids, a.Page)
		}
	}
	return p.Store.For(c.Reader()).PageDates(r.Context(), c.Subject, ids)
}

// newPageLink leads to a page that has a date in dates; nil: it has none.
func newPageLink(c *gate.Caller, page string, dates map[string]string) *pageLink {
	date, ok := dates[page]
	if !ok {
		return nil
	}
	return &pageLink{c.Path(personPath(c, "page", page)...), newHead(map[string]string{"page_date": date})}
}

// add puts an access below its day. They come the newest first.
func (l *accessList) add(e accessEntry) {
	day := e.Time.Truncate(24 * time.Hour)
	if n := len(l.Days); n == 0 || !l.Days[n-1].Day.Time.Equal(day) {
		l.Days = append(l.Days, accessDay{Day: record.PageDate{Time: day}})
	}

	last := &l.Days[len(l.Days)-1]
	last.Entries = append(last.Entries, e)
}
