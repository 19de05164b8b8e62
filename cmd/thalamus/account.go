// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// accountVerbs are what "thalamus account" can do.
var accountVerbs = map[string]func(ctx context.Context, args []string, env environment) error{
	"list":     listAccounts,
	"show":     showAccount,
	"add":      addAccounts,
	"password": setPassword,
	"roles":    changeRoles,
	"disable":  disableAccount,
	"enable":   enableAccount,
	"delete":   deleteAccount,
}

// runAccount is "thalamus account".
func runAccount(ctx context.Context, args []string, env environment) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		if _, err := parse(newFlags("account"), args, anyNumber); err != nil {
			return err
		}
		return usageError("say what to do with which account; see thalamus help account")
	}

	do, ok := accountVerbs[args[0]]
	if !ok {
		return usageError(fmt.Sprintf("there is no command \"account %s\"; see thalamus help account", args[0]))
	}
	return do(ctx, args[1:], env)
}

// accountCommand is a command about one account.
type accountCommand struct {
	*flag.FlagSet
	file  *string // the configuration
	force bool
}

func aboutAccount(name string, env environment) *accountCommand {
	flags := newFlags("account " + name)
	return &accountCommand{FlagSet: flags, file: configFlag(flags, env)}
}

// open finds the account that the arguments name. The caller closes the database.
func (c *accountCommand) open(ctx context.Context, args []string, env environment) (a administration, found store.Account, err error) {
	words, err := parse(c.FlagSet, args, 1)
	if err != nil {
		return a, found, err
	}
	a, err = administer(ctx, *c.file, c.force, env)
	if err != nil {
		return a, found, err
	}

	found, err = a.account(ctx, words[0])
	if err != nil {
		a.db.Close()
	}
	return a, found, err
}

// rolesFlag adds --role, which may be repeated, and may name several with commas between them.
func rolesFlag(flags *flag.FlagSet) *[]string {
	var roles []string
	flags.Func("role", "", func(names string) error {
		roles = append(roles, record.SplitRoles(names)...)
		return nil
	})
	return &roles
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
