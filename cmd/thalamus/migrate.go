// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"thalamus/internal/check"
	"thalamus/internal/store"
)

// migrate is "thalamus migrate".
func migrate(ctx context.Context, args []string, env environment) error {
	flags := newFlags("migrate")
	file := configFlag(flags, env)
	only := flags.Bool("check", false, "")
	if _, err := parse(flags, args, 0); err != nil {
		return err
	}

	c, log, err := configure(*file, env)
	if err != nil {
		return err
	}

	if *only {
		db, err := openFit(ctx, c, *file, env)
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
	open, err := db.PublicMayCreate(ctx)
	if open {
		fmt.Fprintln(env.stdout, check.OpenSchema, check.CloseSchema)
	}
	return err
}
