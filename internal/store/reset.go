// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// ResetKey finds a one-time link by which an account gets a new password: it is the SHA-256 of
// the token in the link.
type ResetKey [sha256.Size]byte

// ResetTime is how long a link is good after it was started.
const ResetTime = 24 * time.Hour

// resetMemory is how long it is known who has started a link, and whether it was used.
const resetMemory = 30 * 24 * time.Hour

// Reset is a link that is open.
type Reset struct {
	Account   string
	StartedBy string // the account of the administrator
	Started   time.Time
}

var (
	noReset     = fed.Errorf(fed.NotFound, "This link is not good, or not any more.")
	closedReset = fed.Errorf(fed.Invalid, "A disabled account is enabled first.")
)

// StartReset starts a link for an account, in place of an open one. Invalid: the account is
// disabled.
func (db *DB) StartReset(ctx context.Context, account, by string, key ResetKey) (r Reset, err error) {
	const q = `INSERT INTO thalamus_reset (key, account, started_by)
		SELECT $1, id, $3 FROM people WHERE id = $2 AND jsonb_typeof(data) = 'object' AND ` + isActive + ` FOR SHARE
		ON CONFLICT (account) WHERE used IS NULL DO UPDATE SET key = EXCLUDED.key, started_by = EXCLUDED.started_by, started = EXCLUDED.started
		RETURNING started`

	r = Reset{Account: account, StartedBy: by}
	err = db.writes.within(ctx, func() error {
		return db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
			return conn.QueryRow(ctx, q, key[:], account, by).Scan(&r.Started)
		})
	})
	if !errors.Is(err, pgx.ErrNoRows) {
		return r, classify(err)
	}

	known, err := db.HasPerson(ctx, account)
	if err == nil && !known {
		return r, fed.Errorf(fed.NotFound, noPerson)
	}
	return r, errors.Join(err, closedReset)
}

// Reset gives the open link of a key. NotFound: there is none.
func (db *DB) Reset(ctx context.Context, key ResetKey) (Reset, error) {
	return db.openReset(ctx, `r.key = $1`, key[:])
}

// ResetOf gives the open link of an account. NotFound: there is none.
func (db *DB) ResetOf(ctx context.Context, account string) (Reset, error) {
	return db.openReset(ctx, `r.account = $1`, account)
}

func (db *DB) openReset(ctx context.Context, where string, arg any) (r Reset, err error) {
	q := `SELECT r.account, r.started_by, r.started FROM thalamus_reset AS r JOIN people ON people.id = r.account
		WHERE ` + where + ` AND r.used IS NULL AND r.started > now() - $2::interval AND ` + isActive
	err = db.pool.QueryRow(ctx, q, arg, ResetTime).Scan(&r.Account, &r.StartedBy, &r.Started)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, noReset
	}
	return r, classify(err)
}

// useReset locks the account before its link, as whoever closes an account does.
var useReset = attributed(`@account`, `@request`, `'off'`, noNode) + `, locked AS MATERIALIZED (
	SELECT id FROM people WHERE id = @account AND jsonb_typeof(data) = 'object' AND ` + isActive + ` FOR UPDATE
), used AS (
	UPDATE thalamus_reset AS r SET used = now(), request = @request FROM locked
	WHERE r.key = @key AND r.account = locked.id AND r.used IS NULL AND r.started > now() - @time::interval
	RETURNING r.account
)
UPDATE people SET data = data || jsonb_build_object('password', @hash::text) FROM used, asked
WHERE people.id = used.account RETURNING true`

// UseReset uses a link up and gives its account, which asks for it, the password of a hash: both or
// neither. NotFound: the link is not open any more.
func (db *DB) UseReset(ctx context.Context, w fed.Write, key ResetKey, hash string) error {
	const made = `SELECT true FROM thalamus_reset WHERE key = $1 AND request = $2`
	args := pgx.NamedArgs{"account": w.Account, "request": w.Request, "key": key[:], "time": ResetTime, "hash": hash}
	var done bool
	err := db.writes.within(ctx, func() error {
		return db.pool.Write(ctx, func(conn *pgx.Conn, again bool) error {
			err := conn.QueryRow(ctx, useReset, args).Scan(&done)
			if !again || !errors.Is(err, pgx.ErrNoRows) {
				return err
			}

			if err := conn.QueryRow(ctx, made, key[:], w.Request).Scan(&done); err != nil {
				return err
			}
			_, err = conn.Exec(ctx, awaitStandby)
			return err
		})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return noReset
	}
	return classify(err)
}

// SweepResets forgets links that were started long ago.
func (db *DB) SweepResets(ctx context.Context) error {
	return db.execSession(ctx, `DELETE FROM thalamus_reset WHERE started < now() - $1::interval`, resetMemory)
}
