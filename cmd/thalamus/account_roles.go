// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"thalamus/internal/account"
	"thalamus/internal/command"
	"thalamus/internal/record"
)

const accountRolesAbout = `Gives the roles with + and takes those with -. A role that the roles file does not have is
refused.`

func accountRolesCommand(env environment) command.Command {
	var o accountOptions
	var give, take []string
	return command.Command{
		Name: "account roles", Arguments: "ID +ROLE -ROLE...", Count: 1, Summary: "give roles, and take them", About: accountRolesAbout,
		Flags: []command.Flag{forceFlag(&o.force), configFlag(&o.config, env)},
		Take: func(args []string) (rest []string) {
			give, take, rest = signed(args)
			return rest
		},
		Run: func(ctx context.Context, args []string) error {
			if len(give)+len(take) == 0 {
				return command.UsageError("write: thalamus account roles ID +ROLE -ROLE...")
			}
			return changeRoles(ctx, args[0], roleChange{give, take}, o, env)
		},
	}
}

// roleChange is the roles that an account gets and loses.
type roleChange struct{ give, take []string }

func changeRoles(ctx context.Context, id string, change roleChange, o accountOptions, env environment) error {
	a, found, err := o.open(ctx, id, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	if err := a.knownRoles(change.give); err != nil {
		return err
	}

	roles := account.ChangeRoles(found.Roles, change.give, change.take)
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
