// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// accessAdmin is the screen of those who look for who has read what.
type accessAdmin struct{ *Portal }

func (p accessAdmin) rows() []gate.Row {
	return []gate.Row{screen("GET", "/portal/admin/access", access.Access, gate.Everybody, p.getAccessSearch)}
}

// accessSearch is the form, as it was sent: a person or an account, and days.
type accessSearch struct {
	Person, Account string
	days
}

// Asked reports whether there is something to look for. The index has persons and accounts: days alone
// would take a look at all that was read on them.
func (s accessSearch) Asked() bool { return !s.Wrong() && (s.Person == "") != (s.Account == "") }

// Fields are the inputs of the form.
func (s accessSearch) Fields() []field {
	return append([]field{
		{Name: "person", Label: say("access_search.person"), Hint: say("access_search.person_hint"), Value: s.Person, Problem: s.problems["person"]},
		{Name: "account", Label: say("access_search.account"), Hint: say("access_search.account_hint"), Value: s.Account},
	}, s.days.Fields()...)
}

// values are the fields that are filled in, for the links of a pager.
func (s accessSearch) values() url.Values {
	return filled(map[string]string{"person": s.Person, "account": s.Account, "from": s.From, "to": s.To})
}

// foundAccesses is a part of what was found as it is shown.
type foundAccesses struct {
	Search  accessSearch
	Path    string
	Kept    bool // the hub keeps the access record where it can be asked
	Entries []accessEntry
	Pager   pager
}

// getAccessSearch shows who has read about a person, or what an account has read, the newest first.
func (p accessAdmin) getAccessSearch(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	query := r.URL.Query()
	search := accessSearch{readQueryText(query, "person"), readQueryText(query, "account"), readDays(query)}
	asked := store.AccessQuery{}
	asked.From, asked.To = search.times()
	if search.Person != "" && search.Account != "" {
		search.problems["person"] = say("access_search.both")
	}

	shown := foundAccesses{Search: search, Path: c.Path("portal", "admin", "access"), Kept: c.AccessIndexed()}
	if search.Wrong() {
		return p.showFound(w, r, c, http.StatusUnprocessableEntity, shown)
	}
	if !search.Asked() || !shown.Kept {
		return p.showFound(w, r, c, http.StatusOK, shown)
	}

	if err := p.look(r, c, asked, &shown); err != nil {
		return err
	}
	return p.showFound(w, r, c, http.StatusOK, shown)
}

// look finds a part, and has the access record name the persons in it.
func (p accessAdmin) look(r *http.Request, c *gate.Caller, asked store.AccessQuery, shown *foundAccesses) (err error) {
	asked.Person, err = p.storedOrNone(r, shown.Search.Person)
	if err != nil {
		return err
	}
	asked.Account, err = p.storedOrNone(r, shown.Search.Account)
	if err != nil {
		return err
	}

	place := r.URL.Query().Get("after")
	found, next, err := accesses(p).findAccesses(r, c, asked, place)
	if err != nil && fed.KindOf(err) != fed.NotFound {
		return err
	}

	persons := []string{}
	for _, a := range found {
		entry := newAccessEntry(a, nil, true)
		entry.Person = a.Person
		shown.Entries = append(shown.Entries, entry)
		if a.Person != "" {
			persons = append(persons, a.Person)
		}
	}
	if asked.Person != "" {
		persons = append(persons, asked.Person)
	}

	shown.Pager = newPager(shown.Path, shown.Search.values(), place, next)
	slices.Sort(persons)
	return c.RecordPersons(slices.Compact(persons))
}

func (p accessAdmin) showFound(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, shown foundAccesses) error {
	return p.reply(w, r, c, status, view{Template: "admin_access", Title: say("access_search.title"), Data: shown})
}
