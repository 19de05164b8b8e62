// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"
	"slices"
	"time"
	"unicode/utf8"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// accountAdmin are the screens of those who administer the accounts of others.
type accountAdmin struct{ *Portal }

// listedAccounts is how many accounts are shown at a time.
const listedAccounts = 25

// accountList is a part of the accounts as it is shown.
type accountList struct {
	Filter   accountFilter
	Path     string // of the list without a filter
	New      string // href of a new account; "": the caller may not create persons
	Accounts []accountRow
	Pager    pager
}

// accountRow is an account in a list.
type accountRow struct {
	Path     string
	ID, Name string
	Roles    []label
	State    message
	Seen     *time.Time // nil: not known
}

// accountFilter is the form above the accounts, as it was sent.
type accountFilter struct {
	Text, Role string
	Disabled   bool

	roles   []string // that can be asked for
	Problem message  // of Text
}

func readAccountFilter(query url.Values, roles []string) accountFilter {
	return accountFilter{Text: readQueryText(query, "q"), Role: readQueryText(query, "role"), Disabled: readQueryText(query, "state") == "disabled", roles: roles}
}

// Used reports whether any field is filled in.
func (f accountFilter) Used() bool { return f.Text != "" || f.Role != "" || f.Disabled }

func (f accountFilter) state() string {
	if f.Disabled {
		return "disabled"
	}
	return ""
}

// values are the fields that are filled in, for the links of a pager.
func (f accountFilter) values() url.Values {
	return filled(map[string]string{"q": f.Text, "role": f.Role, "state": f.state()})
}

// Fields are the inputs of the form.
func (f accountFilter) Fields() []field {
	roles := []option{{Text: say("accounts.any_role")}}
	for _, role := range f.roles {
		if !slices.Contains(record.DefaultRoles(), role) {
			roles = append(roles, option{Value: role, Text: roleOption(role)})
		}
	}

	states := []option{{Text: say("accounts.any_state")}, {Value: "disabled", Text: say("accounts.only_disabled")}}
	return []field{
		{Name: "q", Type: "search", Label: say("accounts.search"), Hint: say("accounts.search_hint"), Value: f.Text, Problem: f.Problem},
		field{Name: "role", Label: say("accounts.role"), Value: f.Role}.choose(roles...),
		field{Name: "state", Label: say("accounts.state"), Value: f.state()}.choose(states...),
	}
}

// holds reports whether the filter lets an account through.
func (f accountFilter) holds(a store.Account) bool {
	return (f.Role == "" || slices.Contains(a.Roles, f.Role)) && (!f.Disabled || !a.Active)
}

// getAccounts shows whom a search finds, or without one those who hold other roles than everybody's.
func (p accountAdmin) getAccounts(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	shown := accountList{Filter: readAccountFilter(r.URL.Query(), c.Policy().Roles()), Path: c.Path("portal", "admin", "accounts")}
	if c.May(http.MethodPost, access.Person) {
		shown.New = c.Path("portal", "admin", "new-account")
	}
	if utf8.RuneCountInString(shown.Filter.Text) > maxSearch {
		shown.Filter.Problem = say("book.search_long", "most", maxSearch)
		return p.showAccounts(w, r, c, http.StatusUnprocessableEntity, shown)
	}

	find := p.listStaff
	if shown.Filter.Text != "" {
		find = p.searchAccounts
	}
	found, err := find(r, c, &shown)
	if err != nil {
		return err
	}

	var ids []string
	for _, a := range found {
		ids = append(ids, a.ID)
		shown.Accounts = append(shown.Accounts, newAccountRow(c, a))
	}
	if err := c.RecordPersons(ids); err != nil {
		return err
	}
	return p.showAccounts(w, r, c, http.StatusOK, shown)
}

func (p accountAdmin) showAccounts(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, shown accountList) error {
	return p.reply(w, r, c, status, view{Template: "admin_accounts", Title: say("accounts.title"), Data: shown})
}

// listStaff gives a part of those who hold other roles than everybody's, by id.
func (p accountAdmin) listStaff(r *http.Request, c *gate.Caller, shown *accountList) (found []store.Account, err error) {
	next, place := "", r.URL.Query().Get("after")
	part := store.Keyset[string]{Limit: listedAccounts, More: func(last string) { next = last }}
	if err := readAfter(place, func(text string) (string, bool) { return text, true }, &part); err != nil {
		return nil, err
	}

	asked := store.AccountFilter{Role: shown.Filter.Role, Inactive: shown.Filter.Disabled}
	err = p.Store.For(c.Reader()).Staff(r.Context(), asked, part, func(a store.Account) error {
		found = append(found, a)
		return nil
	})
	shown.Pager = newPager(shown.Path, shown.Filter.values(), place, next)
	return found, err
}

// searchAccounts gives the person with an id, and those whose names are most like the text. A text
// without a word finds nobody.
func (p accountAdmin) searchAccounts(r *http.Request, c *gate.Caller, shown *accountList) (found []store.Account, err error) {
	text := shown.Filter.Text
	id, err := p.Store.StoredID(r.Context(), text, record.Upper(text))
	if err != nil {
		return nil, err
	}

	reader, ids := p.Store.For(c.Reader()), []string{id}
	ranked, err := reader.RankPersons(r.Context(), store.Search{Text: text, Limit: listedAccounts})
	if err != nil && fed.KindOf(err) != fed.Invalid {
		return nil, err
	}
	for _, one := range ranked {
		ids = append(ids, one.ID)
	}

	known, err := reader.AccountsOf(r.Context(), ids)
	for _, id := range ids {
		a, ok := known[id]
		if ok && shown.Filter.holds(a) {
			found = append(found, a)
		}
		delete(known, id) // it may be found by its id and by its name
	}
	return found, err
}

func newAccountRow(c *gate.Caller, a store.Account) accountRow {
	return accountRow{
		Path: accountPath(c, a.ID), ID: a.ID, Name: fullName(a), Roles: roleLabels(a.Roles), State: accountState(a), Seen: a.Seen,
	}
}

func accountPath(c *gate.Caller, id string) string {
	return c.Path("portal", "admin", "accounts", id)
}

// accountState says whether somebody can log in.
func accountState(a store.Account) message {
	switch {
	case !a.Active:
		return say("accounts.disabled")
	case !a.Password:
		return say("accounts.no_password")
	default:
		return say("accounts.active")
	}
}
