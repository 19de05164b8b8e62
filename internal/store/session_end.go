// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Sessions gives an account's sessions that go on, the last used one first; a hundred at most.
func (db *DB) Sessions(ctx context.Context, account string, limits SessionLimits) (all []Session, err error) {
	const q = `SELECT s.key, s.begun, s.seen, s.address, s.agent
		FROM thalamus_session AS s JOIN people ON people.id = s.account WHERE s.account = $1 AND ` + ongoing + `
		ORDER BY s.seen DESC, s.key LIMIT 100`

	rows, _ := db.pool.Query(ctx, q, account, limits.Idle, limits.Longest)
	var s Session
	var key []byte
	_, err = pgx.ForEachRow(rows, []any{&key, &s.Begun, &s.Seen, &s.Address, &s.Agent}, func() error {
		copy(s.Key[:], key)
		all = append(all, s)
		return nil
	})
	return all, classify(err)
}

// EndSession ends a session for good.
func (db *DB) EndSession(ctx context.Context, key SessionKey) error {
	return db.execSession(ctx, `DELETE FROM thalamus_session WHERE key = $1`, key[:])
}

// EndSessionOf ends a session if it is the account's.
func (db *DB) EndSessionOf(ctx context.Context, account string, key SessionKey) error {
	return db.execSession(ctx, `DELETE FROM thalamus_session WHERE key = $2 AND account = $1`, account, key[:])
}

// EndSessions ends all sessions of an account.
func (db *DB) EndSessions(ctx context.Context, account string) error {
	return db.execSession(ctx, `DELETE FROM thalamus_session WHERE account = $1`, account)
}
