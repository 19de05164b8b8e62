// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"

	"thalamus/internal/access"
	"thalamus/internal/account"
	"thalamus/internal/config"
	"thalamus/internal/fed"
	"thalamus/internal/store"
)

// administration is what commands that change accounts work with.
type administration struct {
	config config.Config
	file   string // of the configuration
	policy *access.Policy
	db     *store.DB
	by     fed.Write // of every change: the operating system's user
}

// administer opens the database for a command that changes accounts. With force it may take
// the last administrator away.
func administer(ctx context.Context, file string, force bool, env environment) (a administration, err error) {
	a.file = file
	c, log, err := configure(file, env)
	if err != nil {
		return a, err
	}
	a.policy, err = loadPolicy(c, log)
	if err != nil {
		return a, err
	}

	a.config, a.by.Account = c, account.Operator(env.environ)
	if !force {
		a.by.Administrators = a.policy.Administrators()
	}

	a.db, err = openFit(ctx, c, file, env)
	return a, err
}

// unforced says how the last administrator is taken away all the same.
func unforced(err error) error {
	if errors.Is(err, store.ErrLastAdministrator) {
		return fmt.Errorf("%w Nothing was changed; with --force it is", err)
	}
	return err
}
