// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"thalamus/internal/command"
	"thalamus/internal/store"
)

func accountShowCommand(env environment) command.Command {
	var o accountOptions
	return command.Command{
		Name: "account show", Arguments: "ID", Count: 1, Summary: "tell of one account", About: "Tells of one account.",
		Flags: []command.Flag{
			{Name: "json", Help: "print a JSON object", Into: &o.asJSON},
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, args []string) error { return showAccount(ctx, args[0], o, env) },
	}
}

func showAccount(ctx context.Context, id string, o accountOptions, env environment) error {
	a, found, err := o.open(ctx, id, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	if o.asJSON {
		return a.writeJSON(env.stdout, found)
	}

	a.describe(env.stdout, found)
	return nil
}

// describe tells of one account on several lines.
func (a administration) describe(out io.Writer, found store.Account) {
	roles := slices.Clone(found.Roles)
	for i, role := range roles {
		if len(a.policy.Unknown([]string{role})) > 0 {
			roles[i] += " (not in the roles file)"
		}
	}

	password := choose(found.Password, "yes", "none that can be used")
	if found.Changed != nil {
		password += found.Changed.UTC().Format(", changed 2006-01-02 15:04 UTC")
	}

	for _, line := range [][2]string{
		{"id", visible(found.ID)}, {"name", visible(called(found))}, {"roles", visible(roles...)},
		{"active", choose(found.Active, "yes", "no")}, {"password", password},
		{"administrator", choose(a.administers(found), "yes", "no")},
	} {
		fmt.Fprintf(out, "%-14s %s\n", line[0], line[1])
	}
}
