// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"slices"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// accesses is the screen of who has read about a person.
type accesses struct{ *Portal }

// accessLines is how many accesses are shown at a time.
const accessLines = 25

// accessList is a part of the accesses to a person as it is shown.
type accessList struct {
	Filter  accessFilter
	Path    string // of the list without a filter
	Months  []choice
	Toggled string // href of the same days, with the person's own visits or without
	Person  string // whose records were read; "": the caller's own
	Kept    bool   // the hub keeps the access record where it can be asked
	Days    []accessDay
	Pager   pager

	isAuditor bool
}

// Open reports whether the form of the days is unfolded: what it says is no month.
func (l accessList) Open() bool {
	return l.Filter.Used() && !slices.ContainsFunc(l.Months, func(month choice) bool { return month.Current })
}

// getAccess shows who has read a person's records, the newest first.
func (p accesses) getAccess(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	shown := newAccessList(r, c)
	asked := store.AccessQuery{Person: c.Subject, Others: !shown.Filter.Own}
	asked.From, asked.To = shown.Filter.times()
	if shown.Filter.Wrong() {
		return p.showAccess(w, r, c, http.StatusUnprocessableEntity, shown)
	}

	account, err := p.storedOrNone(r, shown.Filter.Account)
	if err != nil {
		return err
	}
	asked.Account = account

	place := r.URL.Query().Get("after")
	found, next, err := p.findAccesses(r, c, asked, place)
	if err != nil {
		return err
	}

	dates, err := p.datesOf(r, c, found)
	if err != nil {
		return err
	}
	for _, a := range found {
		shown.add(newAccessEntry(a, newPageLink(c, a.Page, dates), shown.isAuditor))
	}
	shown.Pager = newPager(shown.Path, shown.Filter.values(), place, next)
	return p.showAccess(w, r, c, http.StatusOK, shown)
}

// findAccesses gives a part of the accesses, and the place of the next part, "" if there is none.
func (p accesses) findAccesses(r *http.Request, c *gate.Caller, asked store.AccessQuery, place string) (found []store.Access, next string, err error) {
	part := store.Keyset[store.AccessKey]{Limit: accessLines, More: func(last store.AccessKey) { next = last.Format() }}
	if err := readAfter(place, store.ParseAccessKey, &part); err != nil {
		return nil, "", err
	}

	err = p.Store.For(c.Reader()).Accesses(r.Context(), asked, part, wholeList{}, func(a store.Access) error {
		found = append(found, a)
		return nil
	})
	return found, next, err
}

func newAccessList(r *http.Request, c *gate.Caller) accessList {
	f := readAccessFilter(r.URL.Query())
	path := c.Path(personPath(c, "access")...)
	return accessList{
		Filter: f, Path: path, Toggled: pathWith(path, f.toggled().values()),
		Person: otherPerson(c), Kept: c.AccessIndexed(), isAuditor: c.Reach(http.MethodGet, access.Access) == access.AllRecords,
	}
}

func (p accesses) showAccess(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, shown accessList) error {
	title, err := p.titleOf(r, c, "access.title", "access.title_of")
	if err != nil {
		return err
	}
	shown.Months = shown.Filter.months(shown.Path, p.languages.of(r, c), time.Now())
	return p.reply(w, r, c, status, view{Template: "access", Title: title, Data: shown})
}
