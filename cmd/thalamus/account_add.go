// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"thalamus/internal/account"
	"thalamus/internal/command"
	"thalamus/internal/fed"
	"thalamus/internal/record"
)

const accountAddAbout = `Creates a person who can log in. It gives end_user beside other roles, because that is
the role by which people have their own record and change their own password. The
password is asked for on a terminal, twice; otherwise it is the first line of standard
input.

With --from, in place of ID, it reads a list as a spreadsheet writes it, CSV in UTF-8:
its first line has headings, id and, as far as they are known, name, lastname, gender
(m, f, nb, other, nd), dob (like 1990-05-31) and roles (with commas between them;
otherwise those after --role). It prints a first password for each person who is
created, to be handed out and changed; it is nowhere else. Rows with a fault are told
by line, and left out (exit status 3). People who exist already are told, and keep
their passwords, so that the same list can be read again; with >> the passwords
printed before stay in the file.`

// addOptions are the flags of "thalamus account add".
type addOptions struct {
	person account.Person // the one, or what holds of each on a list
	list   string
	only   bool
	config string
}

func accountAddCommand(env environment) command.Command {
	var o addOptions
	addRoles := func(names string) error {
		o.person.Roles = append(o.person.Roles, record.SplitRoles(names)...)
		return nil
	}
	return command.Command{
		Name: "account add", Arguments: "[ID]", Count: command.AnyNumber, Summary: "create an account, or those of a list",
		About: accountAddAbout,
		Flags: []command.Flag{
			{Name: "from", Placeholder: "FILE", Help: "the list, as in people.csv; - is standard input", Into: &o.list},
			{Name: "name", Placeholder: "NAME", Help: "as the person is called", Into: &o.person.Name},
			{Name: "lastname", Placeholder: "NAME", Help: "and the family", Into: &o.person.Lastname},
			{Name: "role", Placeholder: "ROLE", Repeated: true, Help: "a role of the roles file; may be repeated", Into: addRoles},
			{Name: "only", Help: "give no other roles than those", Into: &o.only},
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, args []string) error { return addAccounts(ctx, args, o, env) },
	}
}

// check refuses what is neither one account nor a list.
func (o addOptions) check(ids []string) error {
	switch {
	case o.list == "" && len(ids) != 1, o.list != "" && len(ids) > 0:
		return command.UsageError("write: thalamus account add ID, or thalamus account add --from FILE")
	case o.list != "" && (o.person.Name != "" || o.person.Lastname != ""):
		return command.UsageError("the names of people on a list are columns of it; see thalamus help account add")
	case o.only && o.list == "" && len(o.person.Roles) == 0:
		return command.UsageError("--only needs a --role")
	}
	return nil
}

func addAccounts(ctx context.Context, ids []string, o addOptions, env environment) error {
	if err := o.check(ids); err != nil {
		return err
	}

	a, err := administer(ctx, o.config, false, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	if err := a.knownRoles(o.person.Roles); err != nil {
		return err
	}
	if o.list != "" {
		return a.addList(ctx, o, env)
	}

	o.person.ID = ids[0]
	return a.addOne(ctx, o, env)
}

func (a administration) addOne(ctx context.Context, o addOptions, env environment) error {
	p := o.person
	id, err := account.NewID(p.ID)
	if err != nil {
		return err
	}

	exists, err := a.exists(ctx, p.ID)
	if err != nil {
		return err
	}
	if exists {
		return fmt.Errorf("%s exists already; nothing was changed", p.ID)
	}

	p.ID, p.Roles = id, account.NewRoles(a.policy, p.Roles, o.only)
	if len(p.Roles) == 0 {
		return command.UsageError("the roles file has no role end_user; say --role")
	}

	hash, err := askHash(id, passwords(a.config), env)
	if err != nil {
		return err
	}

	created, err := a.create(ctx, p, hash)
	if err != nil {
		return err
	}
	if !created {
		return fmt.Errorf("%s exists already; nothing was changed", id)
	}

	fmt.Fprintf(env.stdout, "created %s with %s\n", id, strings.Join(p.Roles, ", "))
	a.noteOwnPassword(env.stderr, id, p.Roles)
	return nil
}

// exists reports whether there is somebody of this id, in either spelling.
func (a administration) exists(ctx context.Context, text string) (bool, error) {
	stored, err := a.db.StoredID(ctx, text, record.Upper(text))
	if err != nil {
		return false, err
	}
	return a.db.HasPerson(ctx, stored)
}

// create creates an account; created is false when somebody was faster.
func (a administration) create(ctx context.Context, p account.Person, hash string) (created bool, err error) {
	var person record.Overrides
	person.Set("id", p.ID)
	for _, said := range [][2]string{{"name", p.Name}, {"lastname", p.Lastname}, {"gender", p.Gender}, {"dob", p.Born}} {
		if said[1] != "" {
			person.Set(said[0], said[1])
		}
	}

	person.Set("roles", p.Roles)
	person.Set("active", true)
	person.Set("password", hash)

	by := a.by
	by.Recreate = true
	_, created, err = a.db.CreatePerson(ctx, by, p.ID, fed.Record("{}"), person.Record())
	return created, err
}

// noteOwnPassword tells of an account that cannot change its own password.
func (a administration) noteOwnPassword(out io.Writer, id string, roles []string) {
	if !account.MayChangePassword(a.policy, roles) {
		fmt.Fprintf(out, "thalamus: %s cannot change its own password: none of its roles has the grant \"password\" under POST\n", id)
	}
}
