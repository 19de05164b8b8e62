// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"strings"

	"thalamus/internal/command"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

const (
	accountAbout = `In the history these changes are by the operating system's user, like "os/ana". The
last account that can administer accounts (active, with a password, and with a role
that has the grant "roles") is neither disabled nor deprived of its role.`

	accountNotes = `Examples: thalamus account add ESPGNU777ADM --role root
          thalamus account add --from patients.csv >> passwords.txt
          thalamus account roles ESPGNU777NUR +health_professional -librarian`
)

func accountCommand(env environment) command.Command {
	return command.Command{
		Name: "account", Arguments: "COMMAND", Summary: "accounts: the first administrator, and others",
		About: accountAbout, Notes: accountNotes,
		Commands: []command.Command{
			accountListCommand(env),
			accountShowCommand(env),
			accountAddCommand(env),
			accountPasswordCommand(env),
			accountRolesCommand(env),
			accountDisableCommand(env),
			accountEnableCommand(env),
			accountDeleteCommand(env),
		},
	}
}

// accountOptions are the flags of commands about one account.
type accountOptions struct {
	enable, force, asJSON bool
	config                string
}

// open finds the account of an id as it is typed. The caller closes the database.
func (o accountOptions) open(ctx context.Context, typed string, env environment) (a administration, found store.Account, err error) {
	a, err = administer(ctx, o.config, o.force, env)
	if err != nil {
		return a, found, err
	}

	found, err = a.account(ctx, typed)
	if err != nil {
		a.db.Close()
	}
	return a, found, err
}

// forceFlag is --force of commands that may take the last administrator away.
func forceFlag(into *bool) command.Flag {
	return command.Flag{Name: "force", Help: "also the last account that can administer accounts", Into: into}
}

// knownRoles refuses roles that the roles file does not have.
func (a administration) knownRoles(roles []string) error {
	if unknown := a.policy.Unknown(roles); len(unknown) > 0 {
		return fmt.Errorf("%s has no role %q; it has %s", a.config.Access.Roles, unknown[0], strings.Join(a.policy.Roles(), ", "))
	}
	return nil
}

// change sets keys of an account, and nothing else.
func (a administration) change(ctx context.Context, by fed.Write, id string, keys record.Overrides) error {
	_, err := a.db.ChangePerson(ctx, by, id, store.PersonChange{Filled: keys.Record(), Administers: true})
	if err != nil {
		return fmt.Errorf("%s: %w", id, unforced(err))
	}
	return nil
}

// account finds the one that is meant.
func (a administration) account(ctx context.Context, text string) (found store.Account, err error) {
	id, err := a.db.StoredID(ctx, text, record.Upper(text))
	if err != nil {
		return found, err
	}

	found, err = a.db.For(fed.Operator).Account(ctx, id)
	if fed.KindOf(err) == fed.NotFound {
		return found, fmt.Errorf("there is no account %s; nothing was changed", text)
	}
	return found, err
}

// spellings are the ids that may be meant: the one that is written, or it in upper
// case, in which ids are stored as a rule.
func spellings(text string) []string {
	return []string{text, record.Upper(text)}
}
