// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// newDatabase makes another migrated database. The caller closes the connection to it.
func (b *bench) newDatabase(ctx context.Context, name string) (url string, db *pgx.Conn, err error) {
	if _, err := b.db.Exec(ctx, `CREATE DATABASE `+name); err != nil {
		return "", nil, fmt.Errorf("create the database %s: %w", name, err)
	}
	url = b.postgres.URL(name)
	if err := b.migrate(url); err != nil {
		return "", nil, err
	}
	if db, err = pgx.Connect(ctx, url); err != nil {
		return "", nil, fmt.Errorf("reach the database %s: %w", name, err)
	}
	return url, db, nil
}

func (b *bench) migrate(url string) error {
	if text, err := b.thalamusCommand("migrate", "THALAMUS_DATABASE_URL="+url).CombinedOutput(); err != nil {
		return fmt.Errorf("thalamus migrate: %w: %s", err, text)
	}
	return nil
}
