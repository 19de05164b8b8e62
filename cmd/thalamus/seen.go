// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"thalamus/internal/audit"
	"thalamus/internal/command"
	"thalamus/internal/store"
)

const (
	seenAbout = `Lists in the order of time (UTC) each time that an account has read a person's record,
book, documents or history, or was refused, and each search, list or page of the feed
that has told it of that person. It reads the access record and the files that logrotate
has made of it; an id in small letters is that in capitals unless there is one.

"in a list" says that a search, matches, links or changes told of this person
among others. "of everybody" is a list without an end, or a stream of changes: its
reader may have looked at this person or not. Changes of records are in
/people/PERSON/history.`

	seenNotes = `Where the record goes to the journal:

    journalctl -u thalamus -o cat | thalamus seen PERSON --file -`
)

// seenOptions are the flags of "thalamus seen".
type seenOptions struct {
	from, file, config string
	csv                bool
}

func seenCommand(env environment) command.Command {
	var o seenOptions
	return command.Command{
		Name: "seen", Arguments: "PERSON", Count: 1, Summary: "list who has read a person's records", About: seenAbout, Notes: seenNotes,
		Flags: []command.Flag{
			{Name: "from", Placeholder: "DAY", Help: "nothing before this day, like 2026-05-31", Into: &o.from},
			{Name: "csv", Help: "for a spreadsheet, with ids of pages and requests", Into: &o.csv},
			{Name: "file", Placeholder: "FILE", Help: "read this file and no other; - is standard input", Into: &o.file},
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, args []string) error { return seen(ctx, args[0], o, env) },
	}
}

func seen(ctx context.Context, person string, o seenOptions, env environment) error {
	from, err := readDay("--from", o.from)
	if err != nil {
		return err
	}

	files, db, err := recordAndNames(ctx, o.file, o.config, env)
	if err != nil {
		return err
	}

	if db != nil {
		defer db.Close()
	}

	report := audit.Report{Out: env.stdout, Notes: env.stderr, Table: o.csv}
	if db != nil {
		report.LookUp = namesFrom(db)
	}

	q := audit.Query{Persons: recordedAs(ctx, db, person), From: from, Take: report.Taking(ctx)}
	err = q.Read(files, env.stdin)
	report.Conclude(&q)
	if err != nil {
		return partlyError("a part of the record is missing above: " + strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return nil
}

// namesFrom looks up the names of accounts in the database.
func namesFrom(db *store.DB) func(context.Context, []string, audit.Names) error {
	return func(ctx context.Context, accounts []string, names audit.Names) error {
		return db.Names(ctx, accounts, names)
	}
}

// readDay reads the value of an option that is a day; "" is the zero time.
func readDay(option, text string) (day time.Time, err error) {
	if text == "" {
		return day, nil
	}

	day, err = time.Parse(time.DateOnly, text)
	if err != nil {
		return day, command.UsageError(option + " takes a day like 2026-05-31, not " + text)
	}
	return day, nil
}

// recordAndNames gives the files of the record, and the database if there is one: without
// it there are no names. A file that is named needs no configuration.
func recordAndNames(ctx context.Context, file, config string, env environment) (files []string, db *store.DB, err error) {
	c, _, err := configure(config, env)
	switch {
	case file != "":
		files = []string{file}
	case err != nil:
		return nil, nil, err
	default:
		files, err = audit.Files(c.Access.Record)
		if err != nil {
			return nil, nil, err
		}
	}

	if err == nil {
		db, err = openFit(ctx, c, config, env)
	}

	if err != nil {
		fmt.Fprintln(env.stderr, "names are left out:", err)
	}
	return files, db, nil
}

// recordedAs gives the ids that lines may have of a person: the stored one, or both
// spellings if that is not known.
func recordedAs(ctx context.Context, db *store.DB, typed string) []string {
	if db != nil {
		id, err := everKnown(ctx, db, typed)
		if err == nil {
			return []string{id}
		}
	}
	return spellings(typed)
}
