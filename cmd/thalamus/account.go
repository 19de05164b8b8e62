// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"thalamus/internal/config"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// runAccount is "thalamus account add" and "thalamus account password".
func runAccount(ctx context.Context, args []string, w world) error {
	flags := newFlags("account")
	file := configFlag(flags, w)
	var roles []string
	flags.Func("role", "", func(names string) error {
		roles = append(roles, strings.Split(names, ",")...)
		return nil
	})
	words, err := parse(flags, args, 2)
	if err != nil {
		return err
	}
	switch verb, id := words[0], words[1]; {
	case verb == "add" && len(roles) > 0:
		return addAccount(ctx, *file, id, roles, w)
	case verb == "add":
		return usageError("write: thalamus account add ID --role ROLE")
	case verb == "password" && len(roles) == 0:
		return setPassword(ctx, *file, id, w)
	case verb == "password":
		return usageError("account password changes no roles; write: thalamus account password ID")
	default:
		return usageError(fmt.Sprintf("there is no command \"account %s\"; see thalamus help account", verb))
	}
}

// addAccount creates a person who can log in.
func addAccount(ctx context.Context, file, text string, roles []string, w world) error {
	c, log, err := configure(file, w)
	if err != nil {
		return err
	}
	id, err := record.NewPersonID(text)
	if err != nil {
		return err
	}
	if err := knownRoles(c, roles, log); err != nil {
		return err
	}
	hash, err := askHash(id, passwords(c), w)
	if err != nil {
		return err
	}
	var person record.Overrides
	person.Set("id", id)
	person.Set("roles", roles)
	person.Set("active", true)
	person.Set("password", hash)
	db, err := openFit(ctx, c, file, w)
	if err != nil {
		return err
	}
	defer db.Close()
	if exists, err := db.HasPerson(ctx, text); exists || err != nil {
		return notNew(text, err)
	}
	_, created, err := db.CreatePerson(ctx, fed.Write{Recreate: true}, id, fed.Record("{}"), person.Record())
	if err != nil {
		return err
	}
	if !created {
		return notNew(id, nil)
	}
	fmt.Fprintln(w.stdout, "created", id)
	return nil
}

// notNew says that an account is there, unless err kept us from knowing it.
func notNew(id string, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s exists already; nothing was changed", id)
}

func knownRoles(c config.Config, roles []string, log *slog.Logger) error {
	policy, err := loadPolicy(c, log)
	if err != nil {
		return err
	}
	for _, role := range roles {
		if !slices.Contains(policy.Roles(), role) {
			return fmt.Errorf("%s has no role %q; it has %s", c.Access.Roles, role, strings.Join(policy.Roles(), ", "))
		}
	}
	return nil
}

// setPassword gives an account a new password and changes nothing else of it.
// PostgreSQL tells the servers that run.
func setPassword(ctx context.Context, file, text string, w world) error {
	c, db, err := openConfigured(ctx, file, w, 0)
	if err != nil {
		return err
	}
	defer db.Close()
	id, err := existing(ctx, db, text)
	if err != nil {
		return err
	}
	hash, err := askHash(id, passwords(c), w)
	if err != nil {
		return err
	}
	var filled record.Overrides
	filled.Set("password", hash)
	_, err = db.ChangePerson(ctx, fed.Write{}, id, store.PersonChange{Filled: filled.Record(), Administers: true, Password: true})
	if err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	fmt.Fprintln(w.stdout, "changed the password of", id)
	return nil
}

// spellings are the ids that may be meant: the one that is written, or it in upper
// case, in which ids are stored as a rule.
func spellings(text string) []string {
	return []string{text, record.Upper(text)}
}

// existing finds the account that is meant.
func existing(ctx context.Context, db *store.DB, text string) (string, error) {
	id, err := db.StoredID(ctx, text, record.Upper(text))
	if err == nil {
		_, err = db.For(fed.Operator).Person(ctx, id)
	}
	if fed.KindOf(err) == fed.NotFound {
		return "", fmt.Errorf("there is no account %s; nothing was changed", text)
	}
	return id, err
}
