// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"log/slog"

	"thalamus/internal/check"
	"thalamus/internal/config"
	"thalamus/internal/store"
)

// tellClosed tells which accounts an odd value of "active" closes, before migrating
// makes it so, and stops when nobody would be left who could open them again.
func tellClosed(ctx context.Context, c config.Config, log *slog.Logger, db *store.DB, env environment) error {
	has, err := db.HasPeople(ctx)
	if err != nil || !has {
		return err
	}

	closed, err := db.Closed(ctx)
	if err != nil || closed.Count == 0 {
		return err
	}

	fmt.Fprintf(env.stdout, "accounts that are closed, because \"active\" is neither true nor null nor absent: %d: %s\n",
		closed.Count, closed.First())

	policy, err := loadPolicy(c, log)
	if err != nil {
		return err
	}

	last, err := db.LastAdministrators(ctx, policy.Administrators())
	if err != nil || len(last) == 0 {
		return err
	}
	return fmt.Errorf("no administrator could log in any more; open the account of one, and migrate again: %s", check.Opening(last[0]))
}
