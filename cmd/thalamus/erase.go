// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"thalamus/internal/store"
)

// erase is "thalamus erase".
func erase(ctx context.Context, args []string, env environment) error {
	flags := newFlags("erase")
	file := configFlag(flags, env)
	yes := flags.Bool("yes", false, "")
	force := flags.Bool("force", false, "")

	words, err := parse(flags, args, 1)
	if err != nil {
		return err
	}
	if !*yes && !onTerminal(env.stdin) {
		return usageError("erase asks on a terminal whether you are sure; without one write --yes")
	}

	a, err := administer(ctx, *file, *force, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	id, err := everKnown(ctx, a.db, words[0])
	if err != nil {
		return err
	}

	if !*yes {
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

func onTerminal(in io.Reader) bool {
	terminal, ok := in.(*os.File)
	return ok && term.IsTerminal(int(terminal.Fd()))
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
