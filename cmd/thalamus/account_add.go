// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"thalamus/internal/account"
	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// adding is what is said of new accounts.
type adding struct {
	person account.Person // the one, or what holds of each on a list
	list   string
	only   bool
	config string
}

func readAdding(args []string, env environment) (f adding, err error) {
	flags := newFlags("account add")
	config := configFlag(flags, env)
	roles := rolesFlag(flags)
	flags.StringVar(&f.person.Name, "name", "", "")
	flags.StringVar(&f.person.Lastname, "lastname", "", "")
	flags.StringVar(&f.list, "from", "", "")
	flags.BoolVar(&f.only, "only", false, "")

	words, err := parse(flags, args, anyNumber)
	if err != nil {
		return f, err
	}

	f.config, f.person.Roles = *config, *roles
	switch {
	case f.list == "" && len(words) == 1:
		f.person.ID = words[0]
	case f.list == "" || len(words) > 0:
		return f, usageError("write: thalamus account add ID, or thalamus account add --from FILE")
	case f.person.Name != "" || f.person.Lastname != "":
		return f, usageError("the names of people on a list are columns of it; see thalamus help account")
	}

	if f.only && f.list == "" && len(*roles) == 0 {
		return f, usageError("--only needs a --role")
	}
	return f, nil
}

// addAccounts is "thalamus account add".
func addAccounts(ctx context.Context, args []string, env environment) error {
	f, err := readAdding(args, env)
	if err != nil {
		return err
	}

	a, err := administer(ctx, f.config, false, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	if err := a.knownRoles(f.person.Roles); err != nil {
		return err
	}
	if f.list != "" {
		return a.addList(ctx, f, env)
	}
	return a.addOne(ctx, f, env)
}

func (a administration) addOne(ctx context.Context, f adding, env environment) error {
	p := f.person
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

	p.ID, p.Roles = id, account.NewRoles(a.policy, p.Roles, f.only)
	if len(p.Roles) == 0 {
		return usageError("the roles file has no role end_user; say --role")
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
