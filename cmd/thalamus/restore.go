// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"thalamus/internal/account"
	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// restore is "thalamus restore".
func restore(ctx context.Context, args []string, env environment) error {
	flags := newFlags("restore")
	file := configFlag(flags, env)
	page := flags.String("page", "", "")

	words, err := parse(flags, args, 2)
	if err != nil {
		return err
	}

	resource, id := fed.Resource(words[0]), words[1]
	if !resource.Known() {
		return usageError(fmt.Sprintf("there is no %q to restore; write %s", resource, fed.ResourceNames()))
	}
	if *page != "" && resource.Info().Page == "" {
		return usageError("--page is for documents")
	}

	_, db, err := openConfigured(ctx, *file, env, 0)
	if err != nil {
		return err
	}
	defer db.Close()

	by := fed.Write{Account: account.Operator(env.environ)}
	id, put, err := putBack(resource, id, func(id string) (store.Restored, error) {
		return db.Restore(ctx, by, resource, id, *page)
	})
	if err != nil {
		return err
	}

	fmt.Fprintf(env.stdout, "restored %s %s as version %d\n", resource, id, put.Version)
	if resource == fed.Person {
		fmt.Fprintf(env.stdout, "It has no password; to give it one: %s\n", withConfig("thalamus account password "+id, *file))
		fmt.Fprintln(env.stdout, "If it was disabled it still is; --enable lets it log in.")
	}
	return nil
}

// putBack restores the record that is meant: a person's id may be typed in lower case.
func putBack(resource fed.Resource, typed string, restore func(id string) (store.Restored, error)) (id string, put store.Restored, err error) {
	ids := []string{typed}
	if resource == fed.Person {
		ids = spellings(typed)
	}

	for _, id = range ids {
		put, err = restore(id)
		if fed.KindOf(err) != fed.NotFound { // done, or not to be done
			break
		}
	}
	return id, put, err
}
