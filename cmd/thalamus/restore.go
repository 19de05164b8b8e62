// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"thalamus/internal/account"
	"thalamus/internal/command"
	"thalamus/internal/fed"
	"thalamus/internal/shell"
	"thalamus/internal/store"
)

const restoreAbout = `Puts back a deleted record as it was before, a document with its bytes. RESOURCE is
person, page, document, unit or institution. It goes on with the next version, and its
history tells of it. A page needs its person, a document its person and page: restore
those first. A person comes back without links to others, and without a password;
thalamus account password ID gives one.`

// restoreOptions are what "thalamus restore" is told besides the record.
type restoreOptions struct{ page, config string }

func restoreCommand(env environment) command.Command {
	var o restoreOptions
	return command.Command{
		Name: "restore", Arguments: "RESOURCE ID", Count: 2, Summary: "put back what was deleted", About: restoreAbout,
		Flags: []command.Flag{
			{Name: "page", Placeholder: "PAGE", Help: "of a document whose data does not name its page, or another", Into: &o.page},
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, args []string) error {
			return restore(ctx, fed.Resource(args[0]), args[1], o, env)
		},
	}
}

func restore(ctx context.Context, resource fed.Resource, id string, o restoreOptions, env environment) error {
	if !resource.Known() {
		return command.UsageError(fmt.Sprintf("there is no %q to restore; write %s", resource, fed.ResourceNames()))
	}
	if o.page != "" && resource.Info().Page == "" {
		return command.UsageError("--page is for documents")
	}

	_, db, err := openConfigured(ctx, o.config, env, 0)
	if err != nil {
		return err
	}
	defer db.Close()

	by := fed.Write{Account: account.Operator(env.environ)}
	id, put, err := putBack(resource, id, func(id string) (store.Restored, error) {
		return db.Restore(ctx, by, resource, id, o.page)
	})
	if err != nil {
		return err
	}

	fmt.Fprintf(env.stdout, "restored %s %s as version %d\n", resource, id, put.Version)
	if resource == fed.Person {
		fmt.Fprintf(env.stdout, "It has no password; to give it one: %s\n", withConfig("thalamus account password "+shell.QuoteVisible(id), o.config))
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
