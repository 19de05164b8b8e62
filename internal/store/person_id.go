// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// StoredID gives the one of two spellings of an id that somebody has: the first if both
// are stored, or neither.
func (db *DB) StoredID(ctx context.Context, literal, upper string) (string, error) {
	const q = `SELECT id FROM people WHERE id IN ($1, $2) ORDER BY id = $1 DESC LIMIT 1`
	stored := literal

	err := db.pool.QueryRow(ctx, q, literal, upper).Scan(&stored)
	if errors.Is(err, pgx.ErrNoRows) {
		return literal, nil
	}

	return stored, classify(err)
}

// HasPerson reports whether there is such a person, whatever is stored of it.
func (db *DB) HasPerson(ctx context.Context, id string) (known bool, err error) {
	const q = `SELECT EXISTS (SELECT FROM people WHERE id = $1)`
	err = db.pool.QueryRow(ctx, q, id).Scan(&known)
	return known, classify(err)
}
