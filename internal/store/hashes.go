// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// hasPassword is whether a person of "data" has something for a password.
const hasPassword = `COALESCE(data -> 'password', 'null') NOT IN ('null', '""')` //nolint:gosec // it holds none

// MalformedHashes gives the accounts whose password is kept as something else than a hash, perhaps
// as it is typed. It reads all persons.
func (db *DB) MalformedHashes(ctx context.Context) (Accounts, error) {
	return db.accounts(ctx, hasPassword+` AND NOT `+canLogIn)
}

// WeakHashes gives the accounts whose hash has a cost below 10, and would be quick to guess. It reads
// all persons.
func (db *DB) WeakHashes(ctx context.Context) (Accounts, error) {
	return db.accounts(ctx, canLogIn+` AND substr(data ->> 'password', 5, 2) < '10'`)
}

// HasAdministrator reports whether somebody can log in who has one of these roles.
func (db *DB) HasAdministrator(ctx context.Context, roles []string) (has bool, err error) {
	const q = `SELECT EXISTS (SELECT FROM people WHERE ` + administers + `)`
	err = db.pool.QueryRow(ctx, q, pgx.NamedArgs{"administrators": roles}).Scan(&has)
	return has, classify(err)
}

// Hash is that of an account.
type Hash struct{ ID, Hash string }

// Hashes gives what some accounts have for a password, if it is a hash.
func (db *DB) Hashes(ctx context.Context, ids []string) ([]Hash, error) {
	const q = `SELECT id, data ->> 'password' FROM people WHERE id = ANY($1) AND ` + canLogIn + ` ORDER BY id`
	rows, _ := db.pool.Query(ctx, q, ids)
	hashes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Hash])
	return hashes, classify(err)
}
