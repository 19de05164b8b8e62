// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// pageChanges is how many changes a page shows.
const pageChanges = 20

// history is the changes of a page, the newest first.
type history struct {
	Shown   bool // the caller may see them
	Changes []pageChange
	More    bool // there are older ones
}

// pageChange is who changed what.
type pageChange struct {
	Said    string // key of the operation in the catalogue
	Time    time.Time
	Account string // "": nobody knows
	Name    string // of the account
	Node    string
	Known   bool // what it changed
	Members []memberChange
}

// memberChange is a member with its values before and after; "" is none.
type memberChange struct {
	Name          label
	Before, After string
}

var operations = map[string]string{"create": "history.created", "update": "history.changed", "delete": "history.deleted"}

// historyOf gives the changes of a page to those who may read its history: one role must
// grant both.
func (p books) historyOf(r *http.Request, c *gate.Caller, page string) (shown history, err error) {
	reach := c.Reach(http.MethodGet, access.History, access.Page)
	shown.Shown = reach == access.AllRecords || reach == access.OwnRecords && c.Own
	if !shown.Shown {
		return shown, nil
	}

	past := store.HistoryQuery{Resource: fed.Page, ID: page, Person: c.Subject, Global: reach == access.AllRecords}
	changes, err := p.Store.For(c.Reader()).Differences(r.Context(), past, pageChanges+1)
	if err != nil {
		return shown, err
	}

	if len(changes) > pageChanges {
		changes, shown.More = changes[:pageChanges], true
	}
	names, err := p.namesOf(r, changes)
	for _, d := range changes {
		shown.Changes = append(shown.Changes, newPageChange(d, names))
	}
	return shown, err
}

// namesOf gives the names of those who made changes, by their accounts.
func (p books) namesOf(r *http.Request, changes []store.Difference) (map[string]string, error) {
	var accounts []string
	for _, d := range changes {
		if d.Account != nil {
			accounts = append(accounts, *d.Account)
		}
	}

	names := map[string]string{}
	err := p.Store.Names(r.Context(), accounts, names)
	return names, err
}

func newPageChange(d store.Difference, names map[string]string) pageChange {
	change := pageChange{Said: operations[d.Operation], Time: d.Time, Known: d.Known}
	if d.Account != nil {
		change.Account, change.Name = *d.Account, names[*d.Account]
	}
	if d.Node != nil {
		change.Node = *d.Node
	}
	for _, m := range d.Members {
		change.Members = append(change.Members, memberChange{memberName(m.Key), m.Before, m.After})
	}
	return change
}
