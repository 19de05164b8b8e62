// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

// listAccounts is "thalamus account list".
func listAccounts(ctx context.Context, args []string, env environment) error {
	var filter store.AccountFilter
	flags := newFlags("account list")
	file := configFlag(flags, env)
	asJSON := flags.Bool("json", false, "")
	flags.StringVar(&filter.Role, "role", "", "")
	flags.BoolVar(&filter.Inactive, "inactive", false, "")

	if _, err := parse(flags, args, 0); err != nil {
		return err
	}

	a, err := administer(ctx, *file, false, env)
	if err != nil {
		return err
	}
	defer a.db.Close()
	return a.db.For(fed.Operator).EachAccount(ctx, filter, func(found store.Account) error {
		if *asJSON {
			return a.writeJSON(env.stdout, found)
		}
		_, err := fmt.Fprintf(env.stdout, "%-16s %-8s %-11s %-24s %s\n", visible(found.ID), choose(found.Active, "active", "inactive"),
			choose(found.Password, "password", "no password"), visible(found.Roles...), visible(called(found)))
		return err
	})
}

// showAccount is "thalamus account show".
func showAccount(ctx context.Context, args []string, env environment) error {
	c := aboutAccount("show", env)
	asJSON := c.Bool("json", false, "")
	a, found, err := c.open(ctx, args, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	if *asJSON {
		return a.writeJSON(env.stdout, found)
	}

	a.describe(env.stdout, found)
	return nil
}

// describe tells of one account on several lines.
func (a administration) describe(out io.Writer, found store.Account) {
	roles := slices.Clone(found.Roles)
	for i, role := range roles {
		if len(a.policy.Unknown([]string{role})) > 0 {
			roles[i] += " (not in the roles file)"
		}
	}

	password := choose(found.Password, "yes", "none that can be used")
	if found.Changed != nil {
		password += found.Changed.UTC().Format(", changed 2006-01-02 15:04 UTC")
	}

	for _, line := range [][2]string{
		{"id", visible(found.ID)}, {"name", visible(called(found))}, {"roles", visible(roles...)},
		{"active", choose(found.Active, "yes", "no")}, {"password", password},
		{"administrator", choose(a.administers(found), "yes", "no")},
	} {
		fmt.Fprintf(out, "%-14s %s\n", line[0], line[1])
	}
}

// writeJSON writes an account as an object on one line.
func (a administration) writeJSON(out io.Writer, found store.Account) error {
	return json.NewEncoder(out).Encode(struct {
		ID            string     `json:"id"`
		Name          string     `json:"name"`
		Lastname      string     `json:"lastname"`
		Roles         []string   `json:"roles"`
		Active        bool       `json:"active"`
		Password      bool       `json:"password"`
		Administrator bool       `json:"administrator"`
		Changed       *time.Time `json:"password_changed,omitempty"`
	}{
		found.ID, found.Name, found.Lastname, append([]string{}, found.Roles...), found.Active, found.Password,
		a.administers(found), found.Changed,
	})
}

// administers reports whether an account can administer others, as the store finds it.
func (a administration) administers(found store.Account) bool {
	return found.Active && found.Password && a.policy.Administers(found.Roles)
}

func called(found store.Account) string {
	return strings.TrimSpace(found.Name + " " + found.Lastname)
}

// visible is texts for a terminal, with commas between them.
func visible(texts ...string) string { return record.Visible(strings.Join(texts, ", ")) }

func choose(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}
