// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// Credentials gives what is needed to let an account in: the one that is stored as
// id is written, else the one in upper case. known is false when there is neither.
func (db *DB) Credentials(ctx context.Context, id, upper string) (c fed.Credentials, known bool, err error) {
	const q = `SELECT id, data ->> 'password', data -> 'roles', NOT ` + isActive + `
		FROM people WHERE id IN ($1, $2) ORDER BY id <> $1 LIMIT 1`

	var hash *string
	var roles []byte

	err = db.pool.QueryRow(ctx, q, id, upper).Scan(&c.ID, &hash, &roles, &c.Inactive)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, classify(err)
	}

	if hash != nil {
		c.Hash = *hash
	}

	c.Roles = roleNames(roles)
	return c, true, nil
}

// UpgradeHash replaces the hash of a person's password, and nothing else, if it
// is still the old one. The password is the same, so that history says nothing, and the
// sessions that it has begun go on.
func (db *DB) UpgradeHash(ctx context.Context, id, from, to string) error {
	const q = `WITH quietly AS (SELECT set_config('thalamus.upgrade', 'on', true)),
		upgraded AS (
			UPDATE people SET data = jsonb_set(data, '{password}', to_jsonb($3::text)) FROM quietly WHERE id = $1 AND data ->> 'password' = $2
			RETURNING id
		)
		UPDATE thalamus_session AS s SET proof = sha256(convert_to($3, 'UTF8')) FROM upgraded
		WHERE s.account = upgraded.id AND s.proof = sha256(convert_to($2, 'UTF8'))`
	return db.writes.within(ctx, func() error {
		return classify(db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
			_, err := conn.Exec(ctx, q, id, from, to)
			return err
		}))
	})
}

// roleNames reads a stored value of roles. Only texts in an array are roles.
func roleNames(stored []byte) (names []string) {
	var elements []any
	if json.Unmarshal(stored, &elements) != nil {
		return nil
	}

	for _, element := range elements {
		if name, ok := element.(string); ok {
			names = append(names, name)
		}
	}

	return names
}
