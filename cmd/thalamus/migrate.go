// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"thalamus/internal/store"
)

// migrate is "thalamus migrate".
func migrate(ctx context.Context, args []string, w world) error {
	flags := newFlags("migrate")
	file := configFlag(flags, w)
	check := flags.Bool("check", false, "")
	if _, err := parse(flags, args, 0); err != nil {
		return err
	}
	c, log, err := configure(*file, w)
	if err != nil {
		return err
	}
	if *check {
		db, err := openFit(ctx, c, *file, w)
		if err != nil {
			return err
		}
		db.Close()
		fmt.Fprintln(w.stdout, "The database is up to date.")
		return nil
	}
	db, err := store.Open(ctx, options(c))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := tellClosed(ctx, c, log, db, w); err != nil {
		return err
	}
	steps, err := db.Migrate(ctx)
	for _, step := range steps {
		fmt.Fprintln(w.stdout, "applied", step)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(w.stdout, "The database is up to date.")
	open, err := db.PublicMayCreate(ctx)
	if open {
		fmt.Fprintln(w.stdout, openSchema)
	}
	return err
}

// openSchema says how the schema is closed by a database user who may.
const openSchema = "Every database user may create in schema public, operators too, which others' statements then use." +
	" Let a superuser GRANT CREATE ON SCHEMA public to the owner of the tables, and then REVOKE CREATE ON SCHEMA public FROM PUBLIC."
