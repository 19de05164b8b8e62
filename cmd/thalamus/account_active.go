// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"thalamus/internal/command"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/shell"
)

func accountDisableCommand(env environment) command.Command {
	var o accountOptions
	return command.Command{
		Name: "account disable", Arguments: "ID", Count: 1, Summary: "close an account", About: "Closes an account.",
		Flags: []command.Flag{forceFlag(&o.force), configFlag(&o.config, env)},
		Run:   func(ctx context.Context, args []string) error { return setActive(ctx, args[0], false, o, env) },
	}
}

func accountEnableCommand(env environment) command.Command {
	var o accountOptions
	return command.Command{
		Name: "account enable", Arguments: "ID", Count: 1, Summary: "open it again", About: "Opens a closed account again.",
		Flags: []command.Flag{configFlag(&o.config, env)},
		Run:   func(ctx context.Context, args []string) error { return setActive(ctx, args[0], true, o, env) },
	}
}

func setActive(ctx context.Context, id string, active bool, o accountOptions, env environment) error {
	a, found, err := o.open(ctx, id, env)
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
		fmt.Fprintf(env.stderr, "thalamus: %s has no password; to give it one: %s\n", found.ID, withConfig("thalamus account password "+shell.QuoteVisible(found.ID), a.file))
	}
	return nil
}

const accountDeleteAbout = `Deletes a disabled account that has no pages or documents; thalamus restore puts it back.`

func accountDeleteCommand(env environment) command.Command {
	var o accountOptions
	return command.Command{
		Name: "account delete", Arguments: "ID", Count: 1, Summary: "delete a disabled one without pages or documents", About: accountDeleteAbout,
		Flags: []command.Flag{configFlag(&o.config, env)},
		Run:   func(ctx context.Context, args []string) error { return deleteAccount(ctx, args[0], o, env) },
	}
}

func deleteAccount(ctx context.Context, id string, o accountOptions, env environment) error {
	a, found, err := o.open(ctx, id, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	err = a.db.DeletePerson(ctx, a.by, found.ID)
	if fed.KindOf(err) == fed.Invalid {
		return fmt.Errorf("%s is active; first: %s", found.ID, withConfig("thalamus account disable "+shell.QuoteVisible(found.ID), a.file))
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
