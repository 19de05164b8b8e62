// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"thalamus/internal/config"
	"thalamus/internal/store"
)

// tellClosed tells which accounts an odd value of "active" closes, before migrating
// makes it so, and stops when nobody would be left who could open them again.
func tellClosed(ctx context.Context, c config.Config, log *slog.Logger, db *store.DB, w world) error {
	has, err := db.HasPeople(ctx)
	if err != nil || !has {
		return err
	}
	closed, err := db.Closed(ctx)
	if err != nil || closed.Count == 0 {
		return err
	}
	fmt.Fprintf(w.stdout, "accounts that are closed, because \"active\" is neither true nor null nor absent: %d: %s\n",
		closed.Count, firstOf(closed))
	policy, err := loadPolicy(c, log)
	if err != nil {
		return err
	}
	last, err := db.LastAdministrators(ctx, policy.Administrators())
	if err != nil || len(last) == 0 {
		return err
	}
	return fmt.Errorf("no administrator could log in any more; open the account of one, and migrate again: %s", opening(last[0]))
}

// opening is the statement that opens an account.
func opening(id string) string {
	return `UPDATE people SET data = jsonb_set(data, '{active}', 'true') WHERE id = '` + strings.ReplaceAll(id, "'", "''") + `';`
}

// firstOf names the first of the accounts.
func firstOf(closed store.Accounts) string {
	names := strings.Join(closed.IDs, ", ")
	if closed.Count > len(closed.IDs) {
		names += ", ..."
	}
	return names
}

// warnOfClosed tells the log of the accounts that an odd value of "active" closes.
func warnOfClosed(ctx context.Context, db *store.DB, log *slog.Logger) error {
	closed, err := db.Closed(ctx)
	if closed.Count > 0 {
		log.Warn("accounts are closed, because active is neither true nor null nor absent", "accounts", closed.Count, "first", firstOf(closed))
	}
	return err
}
