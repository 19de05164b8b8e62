// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"thalamus/internal/account"
	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// setPassword is "thalamus account password". It changes nothing else of the account, unless it
// is to be opened. PostgreSQL tells the servers that run.
func setPassword(ctx context.Context, args []string, env environment) error {
	c := aboutAccount("password", env)
	enable := c.Bool("enable", false, "")
	a, found, err := c.open(ctx, args, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	if !found.Active && !*enable {
		fmt.Fprintf(env.stderr, "thalamus: %s is disabled, and another password alone lets nobody in; with --enable the account is opened as well\n", found.ID)
	}

	hash, err := askHash(found.ID, passwords(a.config), env)
	if err != nil {
		return err
	}

	var keys record.Overrides
	keys.Set("password", hash)
	if *enable {
		keys.Set("active", true)
	}

	if err := a.change(ctx, a.by, found.ID, keys); err != nil {
		return err
	}

	fmt.Fprintln(env.stdout, "changed the password of", found.ID)
	return nil
}

// changeRoles is "thalamus account roles".
func changeRoles(ctx context.Context, args []string, env environment) error {
	give, take, args := signed(args)
	c := aboutAccount("roles", env)
	c.BoolVar(&c.force, "force", false, "")
	if len(give)+len(take) == 0 {
		if _, err := parse(c.FlagSet, args, 1); err != nil {
			return err
		}
		return usageError("write: thalamus account roles ID +ROLE -ROLE...")
	}

	a, found, err := c.open(ctx, args, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	if err := a.knownRoles(give); err != nil {
		return err
	}

	roles := account.ChangeRoles(found.Roles, give, take)
	if slices.Equal(roles, found.Roles) {
		fmt.Fprintf(env.stdout, "%s has these roles already: %s\n", found.ID, visible(roles...))
		return nil
	}

	var keys record.Overrides
	keys.Set("roles", roles)

	by := a.by
	by.Versions = []int64{found.Version} // the roles are those of that version
	if err := a.change(ctx, by, found.ID, keys); err != nil {
		return err
	}

	fmt.Fprintf(env.stdout, "%s now has the roles: %s\n", found.ID, visible(roles...))
	a.noteOwnPassword(env.stderr, found.ID, roles)
	return nil
}

// signed takes the roles to be given and taken out of the arguments: +ROLE and -ROLE. Options of
// this command have two dashes.
func signed(args []string) (give, take, rest []string) {
	for _, arg := range args {
		name, plus := strings.CutPrefix(arg, "+")
		if plus {
			give = append(give, record.SplitRoles(name)...)
			continue
		}

		name, minus := strings.CutPrefix(arg, "-")
		if minus && name != "" && name != "h" && !strings.HasPrefix(name, "-") {
			take = append(take, record.SplitRoles(name)...)
			continue
		}

		rest = append(rest, arg)
	}
	return give, take, rest
}

// disableAccount is "thalamus account disable".
func disableAccount(ctx context.Context, args []string, env environment) error {
	return setActive(ctx, args, env, false)
}

// enableAccount is "thalamus account enable".
func enableAccount(ctx context.Context, args []string, env environment) error {
	return setActive(ctx, args, env, true)
}

func setActive(ctx context.Context, args []string, env environment, active bool) error {
	c := aboutAccount(choose(active, "enable", "disable"), env)
	if !active {
		c.BoolVar(&c.force, "force", false, "")
	}

	a, found, err := c.open(ctx, args, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	var keys record.Overrides
	keys.Set("active", active)
	if err := a.change(ctx, a.by, found.ID, keys); err != nil {
		return err
	}

	fmt.Fprintln(env.stdout, choose(active, "enabled", "disabled"), found.ID)
	if active && !found.Password {
		fmt.Fprintf(env.stderr, "thalamus: %s has no password; to give it one: %s\n", found.ID, withConfig("thalamus account password "+quoted(found.ID), a.file))
	}
	return nil
}

// deleteAccount is "thalamus account delete".
func deleteAccount(ctx context.Context, args []string, env environment) error {
	a, found, err := aboutAccount("delete", env).open(ctx, args, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	err = a.db.DeletePerson(ctx, a.by, found.ID)
	if fed.KindOf(err) == fed.Invalid {
		return fmt.Errorf("%s is active; first: %s", found.ID, withConfig("thalamus account disable "+quoted(found.ID), a.file))
	}
	if fed.KindOf(err) == fed.Conflict {
		return fmt.Errorf("%s has pages or documents; nothing was changed. thalamus erase removes a person with all of them", found.ID)
	}
	if err != nil {
		return err
	}

	fmt.Fprintln(env.stdout, "deleted", found.ID)
	return nil
}
