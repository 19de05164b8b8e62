// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// accountPage is an account as its administrators see it.
type accountPage struct {
	Path      string
	ID, Name  string
	State     message
	Active    bool
	Password  bool
	Changed   *time.Time // when the password was; nil: not known
	Seen      *time.Time // nil: not known
	Roles     []roleChoice
	Version   int64 // that is shown; a change is made to no other
	MayChange bool
	MayLink   bool      // the caller may start a one-time link
	Link      *openLink // nil: none is open
	Problem   message   // why the last change was not made
}

// roleChoice is a role that somebody holds or may be given.
type roleChoice struct {
	Name string
	Text message
	Held bool
}

// getAccount shows an account, with the forms that change it.
func (p accountAdmin) getAccount(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	return p.showAccount(w, r, c, http.StatusOK, message{})
}

func (p accountAdmin) showAccount(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, problem message) error {
	a, err := p.Store.For(c.Reader()).Account(r.Context(), c.Subject)
	if err != nil {
		return err
	}

	link, err := p.openLinkOf(r, c)
	if err != nil {
		return err
	}

	shown := accountPage{
		Path: accountPath(c, a.ID), ID: a.ID, Name: fullName(a), State: accountState(a), Active: a.Active, Password: a.Password,
		Changed: a.Changed, Seen: a.Seen, Roles: roleChoices(c.Policy().Roles(), a.Roles), Version: a.Version,
		MayChange: c.May(http.MethodPatch, access.Person), MayLink: mayStartLink(c), Link: link, Problem: problem,
	}
	return p.reply(w, r, c, status, view{Template: "admin_account", Title: say("account.title", "account", a.ID), Data: shown})
}

// roleChoices are the roles of the roles file, and those that somebody holds besides.
func roleChoices(defined, held []string) (all []roleChoice) {
	names := slices.Clone(defined)
	for _, role := range held {
		if !slices.Contains(names, role) {
			names = append(names, role)
		}
	}

	for _, name := range names {
		all = append(all, roleChoice{name, roleText(name), slices.Contains(held, name)})
	}
	return all
}

// postRoles gives an account the roles that are ticked.
func (p accountAdmin) postRoles(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	a, err := p.Store.For(c.Reader()).Account(r.Context(), c.Subject)
	if err != nil {
		return err
	}
	return p.changeAccount(w, r, c, accountChange{"roles", tickedRoles(c.Policy().Roles(), a.Roles, r.PostForm["role"]), "done.roles_changed"})
}

// tickedRoles are the roles that were ticked among those that were to be chosen from. Those that are
// held keep their order.
func tickedRoles(defined, held, ticked []string) []string {
	roles := []string{}
	for _, role := range slices.Concat(held, defined) {
		if slices.Contains(ticked, role) && !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return roles
}

// postActive closes an account, or opens it again.
func (p accountAdmin) postActive(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if err := readForm(w, r); err != nil {
		return err
	}

	switch r.PostForm.Get("active") {
	case "true":
		return p.changeAccount(w, r, c, accountChange{"active", true, "done.account_enabled"})
	case "false":
		return p.changeAccount(w, r, c, accountChange{"active", false, "done.account_disabled"})
	default:
		return fed.Errorf(fed.Malformed, "The form says neither open nor close.")
	}
}

// accountChange is a key of a person that administrators change, and what to say then.
type accountChange struct {
	key   string
	value any
	done  string
}

// changeAccount changes an account in the version that was shown. As over the API that takes the grant
// to change persons, too.
func (p accountAdmin) changeAccount(w http.ResponseWriter, r *http.Request, c *gate.Caller, what accountChange) error {
	if !c.May(http.MethodPatch, access.Person) {
		return c.Lacks(http.MethodPatch, access.Person)
	}
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return fed.Errorf(fed.Malformed, "The form does not say which version it changes.")
	}
	by, err := c.Write(r, access.Person)
	if err != nil {
		return err
	}

	var keys record.Overrides
	keys.Set(what.key, what.value)
	change := store.PersonChange{Patch: keys.Record(), Administers: c.Administers(), Own: c.Own}
	if what.key == "roles" {
		change.Roles = keys.Record()
	}

	by.Versions = []int64{version}
	_, err = p.Store.ChangePerson(r.Context(), by, c.Subject, change)
	p.Verifier.Invalidate(c.Subject) // even if it failed: the change may have been made before the answer was lost
	if err != nil {
		return p.refuseChange(w, r, c, err)
	}
	return p.done(w, r, c, what.done, inPortal(c, []string{"portal", "admin", "accounts", c.Subject}))
}

// refuseChange shows the account as it is now, and why it was not changed.
func (p accountAdmin) refuseChange(w http.ResponseWriter, r *http.Request, c *gate.Caller, err error) error {
	switch {
	case errors.Is(err, store.ErrLastAdministrator):
		return p.showAccount(w, r, c, c.Refuse(w, err).Status, say("account.last_administrator"))
	case fed.KindOf(err) == fed.Stale:
		return p.showAccount(w, r, c, c.Refuse(w, err).Status, say("account.changed_meanwhile"))
	default:
		return err
	}
}

// fullName is the name of an account as people write it, "" if none is known.
func fullName(a store.Account) string { return strings.TrimSpace(a.Name + " " + a.Lastname) }
