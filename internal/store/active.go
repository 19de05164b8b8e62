// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
)

// isActive is whether a person of "data" is active: with true, null or no value there.
// Any other value that others have written, a text or a number, closes the account.
const isActive = `(COALESCE(data -> 'active', 'null') IN ('true', 'null'))`

// isOdd is whether "active" says neither what is active nor that it is not: the Python
// server, and this one once, let such an account log in.
const isOdd = `(NOT ` + isActive + ` AND data -> 'active' <> 'false')`

// canLogIn is whether a person of "data" has a password that a login is compared with,
// as record.IsUsable says. A count in the pattern would take twenty times as long.
const canLogIn = `COALESCE(length(data ->> 'password') = 60
				AND data ->> 'password' ~ '^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]*$' COLLATE "C", false)`

// hasRole is whether a person of "data" has one of @administrators, the roles that
// administer accounts. Only an array holds roles.
const hasRole = `COALESCE(jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ?| @administrators, false)`

// administers is whether a person of "data" can administer accounts.
const administers = `(` + hasRole + `
				AND ` + isActive + `
				AND ` + canLogIn + `)`

// Accounts are some of them.
type Accounts struct {
	Count int
	IDs   []string // the first ten
}

// First names these.
func (a Accounts) First() string {
	names := strings.Join(a.IDs, ", ")
	if a.Count > len(a.IDs) {
		names += ", ..."
	}
	return names
}

// Closed gives the accounts that an odd value of "active" closes. It reads all persons.
func (db *DB) Closed(ctx context.Context) (Accounts, error) {
	return db.accounts(ctx, isOdd+` AND `+canLogIn)
}

// accounts counts those of which a condition is true.
func (db *DB) accounts(ctx context.Context, condition string) (a Accounts, err error) {
	q := `WITH found AS (SELECT id FROM people WHERE ` + condition + `)
		SELECT count(*), ARRAY(SELECT id FROM found ORDER BY id COLLATE "C" LIMIT 10) FROM found`
	err = db.pool.QueryRow(ctx, q).Scan(&a.Count, &a.IDs)
	return a, classify(err)
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
	return closed, classify(err)
}

// HasPeople reports whether there is the table of persons: a new database has none.
func (db *DB) HasPeople(ctx context.Context) (has bool, err error) {
	const q = `SELECT to_regclass('people') IS NOT NULL`
	err = db.pool.QueryRow(ctx, q).Scan(&has)
	return has, classify(err)
}
