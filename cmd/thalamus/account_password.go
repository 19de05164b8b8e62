// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"thalamus/internal/command"
	"thalamus/internal/record"
)

const accountPasswordAbout = `Gives an account another password, which counts from the next request on, and changes
nothing else of it. It is asked for on a terminal, twice; otherwise it is the first line
of standard input.`

func accountPasswordCommand(env environment) command.Command {
	var o accountOptions
	return command.Command{
		Name: "account password", Arguments: "ID", Count: 1, Summary: "give an account another password", About: accountPasswordAbout,
		Flags: []command.Flag{
			{Name: "enable", Help: "open the account as well", Into: &o.enable},
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, args []string) error { return setPassword(ctx, args[0], o, env) },
	}
}

// setPassword changes nothing else of the account, unless it is to be opened. PostgreSQL tells
// the servers that run.
func setPassword(ctx context.Context, id string, o accountOptions, env environment) error {
	a, found, err := o.open(ctx, id, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	if !found.Active && !o.enable {
		fmt.Fprintf(env.stderr, "thalamus: %s is disabled, and another password alone lets nobody in; with --enable the account is opened as well\n", found.ID)
	}

	hash, err := askHash(found.ID, passwords(a.config), env)
	if err != nil {
		return err
	}

	var keys record.Overrides
	keys.Set("password", hash)
	if o.enable {
		keys.Set("active", true)
	}

	if err := a.change(ctx, a.by, found.ID, keys); err != nil {
		return err
	}

	fmt.Fprintln(env.stdout, "changed the password of", found.ID)
	return nil
}
