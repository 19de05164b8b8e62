// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// draftTime is how long the draft of an ended session is kept, and so its row.
const draftTime = `interval '1 hour'`

// SessionAccount gives the account of a session, whether or not that goes on.
func (db *DB) SessionAccount(ctx context.Context, key SessionKey) (account string, err error) {
	const q = `SELECT account FROM thalamus_session WHERE key = $1`
	err = db.pool.QueryRow(ctx, q, key[:]).Scan(&account)
	return account, notFoundOr(err, noSession.Msg)
}

// KeepDraft keeps a form in the row of a session, sealed, for an hour, in place of the one
// that was there; nil keeps none.
func (db *DB) KeepDraft(ctx context.Context, key SessionKey, sealed []byte) error {
	const q = `UPDATE thalamus_session SET draft = $2::bytea, drafted = CASE WHEN $2::bytea IS NOT NULL THEN now() END WHERE key = $1`
	return db.execSession(ctx, q, key[:], sealed)
}

// Draft gives the sealed form in the row of a session; nil: there is none.
func (db *DB) Draft(ctx context.Context, key SessionKey) (sealed []byte, err error) {
	const q = `SELECT draft FROM thalamus_session WHERE key = $1 AND drafted > now() - ` + draftTime
	err = db.pool.QueryRow(ctx, q, key[:]).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return sealed, classify(err)
}
