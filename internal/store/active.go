// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// isActive is whether a person of "data" is active: so says true, null, or nothing. What
// else others have written there, as texts and numbers, closes the account.
const isActive = `(COALESCE(data -> 'active', 'null') IN ('true', 'null'))`

// isOdd is whether "active" says neither what is active nor that it is not: the Python
// server, and this one once, let such an account log in.
const isOdd = `(NOT ` + isActive + ` AND data -> 'active' <> 'false')`

// canLogIn is whether a person of "data" has a password that a login is compared with,
// as record.IsUsable says.
const canLogIn = `COALESCE(data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$' COLLATE "C", false)`

// hasRole is whether a person of "data" has one of @administrators, the roles that
// administer accounts. Only an array holds roles.
const hasRole = `COALESCE(jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ?| @administrators, false)`

// administers is whether a person of "data" can administer accounts.
const administers = `(` + hasRole + `
				AND ` + isActive + `
				AND ` + canLogIn + `)`

// Closed are the accounts that an odd value of "active" closes.
type Closed struct {
	Count int
	IDs   []string // the first ten
}

// Closed counts these accounts. It reads all persons.
func (db *DB) Closed(ctx context.Context) (c Closed, err error) {
	const q = `WITH closed AS (SELECT id FROM people WHERE ` + isOdd + ` AND ` + canLogIn + `)
		SELECT count(*), ARRAY(SELECT id FROM closed ORDER BY id COLLATE "C" LIMIT 10) FROM closed`
	err = db.pool.QueryRow(ctx, q).Scan(&c.Count, &c.IDs)
	return c, explain(err)
}

// LastAdministrators gives those with one of these roles who could log in until an odd
// value of "active" closed their accounts; none if there is one who still can.
func (db *DB) LastAdministrators(ctx context.Context, roles []string) ([]string, error) {
	const q = `WITH administrators AS (
			SELECT id, ` + isActive + ` AS active FROM people WHERE ` + hasRole + ` AND ` + canLogIn + ` AND (` + isActive + ` OR ` + isOdd + `)
		)
		SELECT id FROM administrators WHERE NOT EXISTS (SELECT FROM administrators WHERE active) ORDER BY id COLLATE "C"`
	rows, _ := db.pool.Query(ctx, q, pgx.NamedArgs{"administrators": roles})
	closed, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return closed, explain(err)
}

// HasPeople reports whether there is the table of persons: a new database has none.
func (db *DB) HasPeople(ctx context.Context) (has bool, err error) {
	const q = `SELECT to_regclass('public.people') IS NOT NULL`
	err = db.pool.QueryRow(ctx, q).Scan(&has)
	return has, explain(err)
}
