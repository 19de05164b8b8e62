// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// ConsentOwner gives the person about whose book a statement is; "": there is no such statement.
func (db *DB) ConsentOwner(ctx context.Context, id string) (person string, err error) {
	const q = `SELECT person FROM thalamus_consents WHERE id = $1`
	err = db.origin().pool.QueryRow(ctx, q, id).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return person, classify(err)
}

var selectStatement = `SELECT ` + shownStatement(`$3`) + ` FROM thalamus_consents WHERE person = $1 AND id = $2`

// Get gives a statement of a person, be it a former one. NotFound: there is none.
func (c Consents) Get(ctx context.Context, person, id string) (s Statement, err error) {
	rows, _ := c.db.origin().pool.Query(ctx, selectStatement, person, id, askerOf(View(c), person))
	s, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Statement])
	return s, notFoundOr(err, "There is no such statement.")
}
