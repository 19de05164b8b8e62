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

// SessionKey finds a session: it is the SHA-256 of the secret in the browser's cookie.
type SessionKey [sha256.Size]byte

// Session is that of a person who has signed in with a browser.
type Session struct {
	Key         SessionKey
	Account     fed.Account // as it is now
	Begun, Seen time.Time
	Address     string // where the sign-in came from
	Agent       string // the browser, as it names itself
	Language    string // that the person chose; "" if none
	Touch       bool   // Seen is older than a minute
	Drafted     bool   // a form that came after the end of a session is kept
	Before      Visit  // the account's visit before this one
}

// SessionLimits say when a session ends by itself.
type SessionLimits struct {
	Idle    time.Duration // after the last request
	Longest time.Duration // after the sign-in
}

// ongoing is whether a session s goes on: in time, and its account is active and has the
// password that it had when the session began.
const ongoing = `s.seen > now() - $2::interval AND s.begun > now() - $3::interval
			AND ` + isActive + ` AND s.proof = sha256(convert_to(data ->> 'password', 'UTF8'))`

// personDeleted is when a person of people was last deleted: who has the id since is another.
const personDeleted = `COALESCE((SELECT max(gone.time) FROM thalamus_changes AS gone
				WHERE gone.id = people.id AND gone.resource = 'person' AND gone.operation IN ('delete', 'cut') AND gone.version > 1), '-infinity')`

var noSession = fed.Errorf(fed.Unauthenticated, "There is no such session, or it has ended.")

// Session gives a session that goes on, with its account as of now. Unauthenticated: there
// is none.
func (db *DB) Session(ctx context.Context, key SessionKey, limits SessionLimits) (Session, error) {
	const q = `SELECT s.account, data -> 'roles', s.begun, s.seen, s.address, s.agent, s.language, s.seen < now() - interval '1 minute',
			COALESCE(s.drafted > now() - ` + draftTime + `, false), s.visited, COALESCE(s.known, 0)
		FROM thalamus_session AS s JOIN people ON people.id = s.account WHERE s.key = $1 AND ` + ongoing

	s, roles := Session{Key: key}, []byte(nil)
	var visited *time.Time
	err := db.pool.QueryRow(ctx, q, key[:], limits.Idle, limits.Longest).Scan(
		&s.Account.ID, &roles, &s.Begun, &s.Seen, &s.Address, &s.Agent, &s.Language, &s.Touch, &s.Drafted, &visited, &s.Before.position)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, noSession
	}

	s.Account.Roles = roleNames(roles)
	if visited != nil {
		s.Before.Time = *visited
	}
	return s, classify(err)
}

// BeginSession stores the session of an account, which has just logged in with the password
// of this hash, and notes the visit. begun is false if the account has another hash by now, or
// is inactive. An erasure of the person ends before or begins after it.
func (db *DB) BeginSession(ctx context.Context, s Session, hash string) (begun bool, err error) {
	const q = `WITH begun AS (
			INSERT INTO thalamus_session (key, account, proof, address, agent, language, visited, known)
			SELECT $1, id, sha256(convert_to($3, 'UTF8')), $4, $5, $6, before.at, before.position
			FROM people LEFT JOIN thalamus_visit AS before ON before.account = id AND before.at > ` + personDeleted + `
			WHERE id = $2 AND data ->> 'password' = $3 AND ` + isActive + ` FOR KEY SHARE OF people
			ON CONFLICT (key) DO UPDATE SET seen = now() RETURNING account, begun
		)
		INSERT INTO thalamus_visit (account, at, position) SELECT begun.account, begun.begun, feed.position FROM begun, thalamus_feed_state AS feed
		ON CONFLICT (account) DO UPDATE SET at = EXCLUDED.at, position = EXCLUDED.position RETURNING true`

	err = db.writes.within(ctx, func() error {
		return db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
			return conn.QueryRow(ctx, q, s.Key[:], s.Account.ID, hash, s.Address, s.Agent, s.Language).Scan(&begun)
		})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}

	return begun, classify(err)
}

// TouchSession notes that a session was used now.
func (db *DB) TouchSession(ctx context.Context, key SessionKey) error {
	return db.execSession(ctx, `UPDATE thalamus_session SET seen = now() WHERE key = $1`, key[:])
}

// SpeakSession keeps the language that a person chose.
func (db *DB) SpeakSession(ctx context.Context, key SessionKey, language string) error {
	return db.execSession(ctx, `UPDATE thalamus_session SET language = $2 WHERE key = $1`, key[:], language)
}

// RenewSession lets a session go on with a new hash of its account's password.
func (db *DB) RenewSession(ctx context.Context, key SessionKey, hash string) error {
	return db.execSession(ctx, `UPDATE thalamus_session SET proof = sha256(convert_to($2, 'UTF8')) WHERE key = $1`, key[:], hash)
}

// execSession runs a statement that may run twice.
func (db *DB) execSession(ctx context.Context, statement string, args ...any) error {
	return db.writes.within(ctx, func() error {
		return classify(db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
			_, err := conn.Exec(ctx, statement, args...)
			return err
		}))
	})
}
