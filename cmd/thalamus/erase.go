// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"thalamus/internal/command"
	"thalamus/internal/store"
	"thalamus/internal/terminal"
)

const eraseAbout = `Removes a person with all links, pages and documents, also if they were deleted
before, and their data in the history and the feed. This cannot be undone. Of each
record there stays that this id was deleted, and when. Followers of the feed are told
of the deletions; their copies, backups and logs keep the data.

The configured database user must be the owner of the tables, with whom thalamus
migrate is run.`

// eraseOptions are the flags of "thalamus erase".
type eraseOptions struct {
	yes, force bool
	config     string
}

func eraseCommand(env environment) command.Command {
	var o eraseOptions
	return command.Command{
		Name: "erase", Arguments: "PERSON", Count: 1, Summary: "remove a person for ever", About: eraseAbout,
		Flags: []command.Flag{
			{Name: "yes", Help: "do not ask; needed where there is no terminal", Into: &o.yes},
			forceFlag(&o.force),
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, args []string) error { return erase(ctx, args[0], o, env) },
	}
}

func erase(ctx context.Context, person string, o eraseOptions, env environment) error {
	if !o.yes && !terminal.Is(env.stdin) {
		return command.UsageError("erase asks on a terminal whether you are sure; without one write --yes")
	}

	a, err := administer(ctx, o.config, o.force, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	id, err := everKnown(ctx, a.db, person)
	if err != nil {
		return err
	}

	if !o.yes {
		if err := confirmID(id, env.stdin, env.stderr); err != nil {
			return err
		}
	}

	e, err := a.db.Erase(ctx, a.by, id)
	if err != nil {
		return unforced(err)
	}

	fmt.Fprintf(env.stdout, "erased %s: persons: %d, pages: %d, documents: %d, changes in the history: %d\n",
		id, e.People, e.Pages, e.Documents, e.Changes)
	return nil
}

// everKnown finds the person who is meant, be it one who was deleted.
func everKnown(ctx context.Context, db *store.DB, text string) (string, error) {
	for _, id := range spellings(text) {
		known, err := db.PersonKnown(ctx, id)
		if err != nil || known {
			return id, err
		}
	}
	return "", fmt.Errorf("there is no person %s and never was; nothing was changed", text)
}

// confirmID lets the id be typed again.
func confirmID(id string, in io.Reader, prompt io.Writer) error {
	fmt.Fprintf(prompt, "This removes %s for ever, with pages, documents and history.\nType the id again: ", id)
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimRight(line, "\r\n") != id {
		return errors.New("that is another id; nothing was changed")
	}
	return nil
}
