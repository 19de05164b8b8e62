// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"thalamus/internal/check"
	"thalamus/internal/command"
	"thalamus/internal/store"
)

const migrateAbout = `Makes the configured database fit for this version, or a database of the Python
server, which stays usable for that server. It only adds, and can be repeated.`

func migrateCommand(env environment) command.Command {
	var config string
	var only bool
	return command.Command{
		Name: "migrate", Summary: "make a database fit, or take one over", About: migrateAbout,
		Flags: []command.Flag{
			{Name: "check", Help: "change nothing; exit status 1 if something is missing", Into: &only},
			configFlag(&config, env),
		},
		Run: func(ctx context.Context, _ []string) error { return migrate(ctx, config, only, env) },
	}
}

// migrate migrates the database, or with only checks whether it was migrated.
func migrate(ctx context.Context, file string, only bool, env environment) error {
	c, log, err := configure(file, env)
	if err != nil {
		return err
	}

	if only {
		db, err := openFit(ctx, c, file, env)
		if err != nil {
			return err
		}
		db.Close()
		fmt.Fprintln(env.stdout, "The database is up to date.")
		return nil
	}

	db, err := store.Open(ctx, options(c))
	if err != nil {
		return err
	}
	defer db.Close()

	if err := tellClosed(ctx, c, log, db, env); err != nil {
		return err
	}

	steps, err := db.Migrate(ctx)
	for _, step := range steps {
		fmt.Fprintln(env.stdout, "applied", step)
	}

	if err != nil {
		return err
	}

	fmt.Fprintln(env.stdout, "The database is up to date.")
	open, err := db.OpenSchema(ctx)
	if open != "" {
		what, remedy := check.OpenSchema(open)
		fmt.Fprintln(env.stdout, what, remedy)
	}
	return err
}
