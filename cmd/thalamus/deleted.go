// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"thalamus/internal/command"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/shell"
	"thalamus/internal/store"
)

const deletedAbout = `Lists the records that thalamus restore can put back, the newest deletion first: the
time (UTC), the account (in brackets: the user of the database, where no account asked
for it), the record, and the command. Run the commands from above: a person must be
there before the pages, a page before its documents. Records that were erased, or are
there again, are not listed.`

// deletedOptions are the flags of "thalamus deleted".
type deletedOptions struct{ person, since, config string }

func deletedCommand(env environment) command.Command {
	var o deletedOptions
	return command.Command{
		Name: "deleted", Summary: "list what restore could put back", About: deletedAbout,
		Flags: []command.Flag{
			{Name: "person", Placeholder: "ID", Help: "only this person and her records", Into: &o.person},
			{Name: "since", Placeholder: "DAY", Help: "only from this day on, like 2026-05-31", Into: &o.since},
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, _ []string) error { return deleted(ctx, o, env) },
	}
}

func deleted(ctx context.Context, o deletedOptions, env environment) error {
	since, err := readDay("--since", o.since)
	if err != nil {
		return err
	}

	_, db, err := openConfigured(ctx, o.config, env, 0)
	if err != nil {
		return err
	}
	defer db.Close()

	q := store.DeletedQuery{Person: o.person, Since: since}
	if o.person != "" {
		q.Person, err = everKnown(ctx, db, o.person)
	}

	if err != nil {
		return err
	}

	count := 0
	err = db.For(fed.Operator).Deleted(ctx, q, func(d store.Deletion) error {
		count++
		_, err := fmt.Fprintf(env.stdout, "%s  %-14s  %-26s  %s\n",
			d.Time.UTC().Format(time.DateTime), deletedBy(d), deletedOf(d), restoring(d, o.config))
		return err
	})
	if err == nil {
		fmt.Fprintf(env.stderr, "%d records can be put back\n", count)
	}
	return err
}

// deletedBy names the account, or the database user where no account asked for it.
func deletedBy(d store.Deletion) string {
	switch {
	case d.Account != nil:
		return record.Visible(*d.Account)
	case d.DBUser != nil:
		return "(" + record.Visible(*d.DBUser) + ")"
	}
	return "-"
}

// deletedOf says what it was, and of whom.
func deletedOf(d store.Deletion) string {
	text := string(d.Resource)
	if d.Resource.Info().Belongs() && d.Person != nil {
		text += " of " + *d.Person
	}

	if d.Page != nil {
		text += ", page " + *d.Page
	}
	return record.Visible(text)
}

// restoring is the command that puts it back.
func restoring(d store.Deletion, file string) string {
	words := []string{withConfig("thalamus restore", file)}
	if d.Resource.Info().Page != "" && d.Page == nil {
		words = append(words, "--page PAGE")
	}

	if strings.HasPrefix(d.ID, "-") {
		words = append(words, "--")
	}
	return strings.Join(append(words, string(d.Resource), shell.QuoteVisible(d.ID)), " ")
}
