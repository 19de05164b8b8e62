// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"thalamus/internal/command"
	"thalamus/internal/fed"
	"thalamus/internal/record"
	"thalamus/internal/store"
)

const accountListAbout = `Lists accounts that have a password, or other roles than end_user; with --role those
that have that role.`

func accountListCommand(env environment) command.Command {
	var filter store.AccountFilter
	var o accountOptions
	return command.Command{
		Name: "account list", Summary: "list accounts", About: accountListAbout,
		Flags: []command.Flag{
			{Name: "role", Placeholder: "ROLE", Help: "only accounts with this role", Into: &filter.Role},
			{Name: "inactive", Help: "only accounts that are closed", Into: &filter.Inactive},
			{Name: "json", Help: "print a JSON object a line", Into: &o.asJSON},
			configFlag(&o.config, env),
		},
		Run: func(ctx context.Context, _ []string) error { return listAccounts(ctx, filter, o, env) },
	}
}

func listAccounts(ctx context.Context, filter store.AccountFilter, o accountOptions, env environment) error {
	a, err := administer(ctx, o.config, false, env)
	if err != nil {
		return err
	}
	defer a.db.Close()

	return a.db.For(fed.Operator).EachAccount(ctx, filter, func(found store.Account) error {
		if o.asJSON {
			return a.writeJSON(env.stdout, found)
		}
		_, err := fmt.Fprintf(env.stdout, "%-16s %-8s %-11s %-24s %s\n", visible(found.ID), choose(found.Active, "active", "inactive"),
			choose(found.Password, "password", "no password"), visible(found.Roles...), visible(called(found)))
		return err
	})
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
