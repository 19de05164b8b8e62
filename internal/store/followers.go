// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// FollowerPosition is how far an account has read the feed.
type FollowerPosition struct {
	Account  string
	Position int64
}

// Follower is an account that follows the changes of everybody.
type Follower struct {
	Account string
	Read    time.Time  // last, to a minute or so
	Changes int64      // it has not read; those that were cut count, too
	Since   *time.Time // when the first of these was made; nil: there are none, or it was erased
}

// NoteFollowers notes how far accounts have read, and that they did so now. Servers that note the same
// account may do so in any order: the furthest position counts, but none behind the end of a feed that
// was put back to an earlier time. It waits for nobody: of an account that is being changed it notes nothing.
func (db *DB) NoteFollowers(ctx context.Context, positions []FollowerPosition) error {
	const q = `INSERT INTO thalamus_followers AS known (account, position, read)
		SELECT people.id, reached.position, now() FROM unnest($1::text[], $2::bigint[]) AS reached (account, position)
			JOIN people ON people.id = reached.account ORDER BY people.id FOR KEY SHARE OF people SKIP LOCKED
		ON CONFLICT (account) DO UPDATE SET read = EXCLUDED.read,
			position = GREATEST(EXCLUDED.position, LEAST(known.position, (SELECT position FROM thalamus_feed_state)))`

	var accounts []string
	var reached []int64
	for _, p := range positions {
		accounts, reached = append(accounts, p.Account), append(reached, p.Position)
	}

	return classify(db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
		_, err := conn.Exec(ctx, q, accounts, reached)
		return err
	}))
}

// Followers gives the followers whose accounts are active, the one first that has not read for longest;
// so many at most.
func (db *DB) Followers(ctx context.Context, most int) ([]Follower, error) {
	const q = `SELECT f.account, f.read, GREATEST(feed.position - f.position, 0),
			(SELECT time FROM thalamus_changes WHERE seq = (
				SELECT seq FROM thalamus_feed WHERE position > f.position ORDER BY position LIMIT 1))
		FROM thalamus_followers AS f JOIN people ON people.id = f.account CROSS JOIN thalamus_feed_state AS feed
		WHERE ` + isActive + ` ORDER BY f.read, f.account LIMIT $1`

	rows, _ := db.pool.Query(ctx, q, most)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Follower])
	return all, classify(err)
}
