// SPDX-License-Identifier: GPL-3.0-or-later

package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"thalamus/internal/access"
	"thalamus/internal/account"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/record"
)

// newAccount is the form of a person who is to get an account.
type newAccount struct {
	Action  string
	Fields  []field
	Roles   []roleChoice
	Existed string // href of the account that has the id already; "": none
	Drafted bool   // it has what was typed before the session ended
}

// genders are those of the federation's clients, with their names.
var genders = []struct{ value, key string }{
	{"", "gender.unknown"}, {"f", "gender.f"}, {"m", "gender.m"}, {"nb", "gender.nb"}, {"other", "gender.other"}, {"nd", "gender.nd"},
}

// newAccountForm is the form with what was typed.
func newAccountForm(c *gate.Caller, typed url.Values, wrongID message) newAccount {
	var sexes []option
	for _, g := range genders {
		sexes = append(sexes, option{Value: g.value, Text: say(g.key)})
	}

	text := func(name string) string { return readQueryText(typed, name) }
	return newAccount{
		Action: c.Path("portal", "admin", "new-account"), Roles: roleChoices(c.Policy().Roles(), typed["role"]),
		Fields: []field{
			{Name: "id", Label: say("person.id"), Hint: say("new_account.id_hint", "example", "ESPGNU777ORG"), Value: text("id"), Required: true, Problem: wrongID},
			{Name: "name", Label: say("person.name"), Value: text("name")},
			{Name: "lastname", Label: say("person.lastname"), Value: text("lastname")},
			{Name: "dob", Type: "date", Label: say("person.born"), Value: text("dob")},
			field{Name: "gender", Label: say("person.gender"), Value: text("gender")}.choose(sexes...),
		},
	}
}

// getNewAccount shows an empty form, or what was typed before a session ended.
func (p accountAdmin) getNewAccount(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	typed := url.Values{"role": record.DefaultRoles()}
	kept, drafted, err := p.draft(r, c)
	if err != nil {
		return err
	}
	if drafted {
		typed = kept
	}

	form := newAccountForm(c, typed, message{})
	form.Drafted = drafted
	return p.showNewAccount(w, r, c, http.StatusOK, form)
}

// showNewAccount shows the form to whoever may create persons, too.
func (p accountAdmin) showNewAccount(w http.ResponseWriter, r *http.Request, c *gate.Caller, status int, form newAccount) error {
	if !c.May(http.MethodPost, access.Person) {
		return c.Lacks(http.MethodPost, access.Person)
	}
	return p.reply(w, r, c, status, view{Template: "admin_account_new", Title: say("new_account.title"), Data: form, Drafted: form.Drafted})
}

// postNewAccount creates a person with roles, and without a password.
func (p accountAdmin) postNewAccount(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	if !c.May(http.MethodPost, access.Person) {
		return c.Lacks(http.MethodPost, access.Person)
	}
	if err := readForm(w, r); err != nil {
		return err
	}

	typed := readQueryText(r.PostForm, "id")
	id, err := account.NewID(typed)
	if err != nil {
		return p.showNewAccount(w, r, c, http.StatusUnprocessableEntity, newAccountForm(c, r.PostForm, say("new_account.wrong_id")))
	}

	created, err := p.createAccount(r, c, typed, id)
	switch {
	case fed.KindOf(err) == fed.Gone:
		return p.showNewAccount(w, r, c, c.Refuse(w, err).Status, newAccountForm(c, r.PostForm, say("new_account.deleted_id")))
	case err != nil:
		return err
	case !created:
		form := newAccountForm(c, r.PostForm, say("new_account.known_id"))
		form.Existed = accountPath(c, id)
		return p.showNewAccount(w, r, c, http.StatusConflict, form)
	}
	return p.done(w, r, c, "done.account_created", inPortal(c, []string{"portal", "admin", "accounts", id}))
}

// createAccount stores the person of the form; created is false if somebody else has the id, or has it as
// it was typed. A form that is sent twice creates one person.
func (p accountAdmin) createAccount(r *http.Request, c *gate.Caller, typed, id string) (created bool, err error) {
	if stored, err := p.Store.HasPerson(r.Context(), typed); err != nil || stored && typed != id {
		return false, err
	}

	person, err := record.Read(newPersonRecord(r.PostForm), c.Limits())
	if err != nil {
		return false, err
	}
	by, err := c.Write(r, access.Person)
	if err != nil {
		return false, err
	}

	var filled record.Overrides
	filled.Set("id", id)
	filled.Set("roles", tickedRoles(c.Policy().Roles(), nil, r.PostForm["role"]))

	by.Recreate = false // whoever had the id is another person
	_, created, err = p.Store.CreatePerson(r.Context(), by, id, person, filled.Record())
	if err != nil || created {
		return created, err
	}

	there, err := p.Store.RepeatedPerson(r.Context(), by, id, person, filled.Record())
	return there.Same, err
}

// newPersonRecord has the keys that were filled in.
func newPersonRecord(form url.Values) fed.Record {
	var person record.Overrides
	for _, name := range []string{"name", "lastname", "dob", "gender"} {
		text := readQueryText(form, name)
		known := name != "gender" || slices.ContainsFunc(genders, func(g struct{ value, key string }) bool { return g.value == text })
		if text != "" && known {
			person.Set(name, strings.TrimSpace(text))
		}
	}
	return person.Record()
}
