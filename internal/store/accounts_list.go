// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Account is a person as administrators of accounts see one. The hash stays in the database.
type Account struct {
	ID             string
	Name, Lastname string // "" where none is known
	Roles          []string
	Active         bool
	Password       bool       // with one that a login is compared with
	Changed        *time.Time // when the password was, as far as the history is kept; known of Account only
	Seen           *time.Time // when the portal was used last, as far as is known; EachAccount does not tell
	Version        int64
}

// AccountFilter says which accounts are listed. The zero filter lists those who have a password,
// be it unusable, or other roles than those of everybody.
type AccountFilter struct {
	Role     string // only those with it, with a password or without; "": whatever the roles are
	Inactive bool   // only those who are not active
}

// account is what is read of an account, but for when the password was changed.
const account = `id, COALESCE(data ->> 'name', ''), COALESCE(data ->> 'lastname', ''), data -> 'roles',
	` + isActive + `, ` + canLogIn + `, version`

// accountSeen is when an account of "id" has used the portal last.
const accountSeen = `GREATEST((SELECT at FROM thalamus_visit WHERE account = id), (SELECT max(seen) FROM thalamus_session WHERE account = id))`

// isStaff is whether a person of "data" holds other roles than everybody's. The index
// thalamus_staff has the same condition.
const isStaff = `COALESCE(NULLIF(data -> 'roles', 'null'), '[]') NOT IN ('[]', '["end_user"]')`

// EachAccount hands on accounts by id. It reads all persons.
func (v View) EachAccount(ctx context.Context, f AccountFilter, take func(Account) error) error {
	const q = `SELECT ` + account + ` FROM people
		WHERE jsonb_typeof(data) = 'object' AND NOT ($2 AND ` + isActive + `) AND CASE $1
			WHEN '' THEN COALESCE(data ->> 'password', '') <> '' OR ` + isStaff + `
			ELSE jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ? $1 END
		ORDER BY id`

	var a Account
	var roles []byte
	rows, _ := v.db.origin().pool.Query(ctx, q, f.Role, f.Inactive)
	return forEach(rows, a.into(&roles), func() error {
		a.Roles = roleNames(roles)
		return take(a)
	})
}

// Account gives one account, whether or not it has ever been one.
func (v View) Account(ctx context.Context, id string) (a Account, err error) {
	const q = `SELECT ` + account + `, ` + accountSeen + `, (SELECT max(time) FROM thalamus_changes AS c
			WHERE c.id = people.id AND c.resource = 'person' AND c.operation = 'password')
		FROM people WHERE id = $1 AND jsonb_typeof(data) = 'object'`

	var roles []byte
	err = v.db.origin().pool.QueryRow(ctx, q, id).Scan(append(a.into(&roles), &a.Seen, &a.Changed)...)
	a.Roles = roleNames(roles)
	return a, notFoundOr(err, noPerson)
}

// Staff hands on a part of the accounts that hold other roles than everybody's, by id.
func (v View) Staff(ctx context.Context, f AccountFilter, s Keyset[string], take func(Account) error) error {
	args := parameters{f.Role, f.Inactive}
	staff := keysetQuery{
		table: `people`, columns: `data, version`, shown: account + `, ` + accountSeen,
		where: isStaff + ` AND jsonb_typeof(data) = 'object' AND NOT ($2 AND ` + isActive + `)
			AND CASE $1 WHEN '' THEN true ELSE jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ? $1 END`,
	}

	var a Account
	var roles []byte
	return staff.each(ctx, v.db.origin().pool.Query, args, s, append(a.into(&roles), &a.Seen), func() error {
		a.Roles = roleNames(roles)
		return take(a)
	})
}

// AccountsOf gives the accounts of persons, by their ids. Nobody's id is left out.
func (v View) AccountsOf(ctx context.Context, ids []string) (map[string]Account, error) {
	const q = `SELECT ` + account + `, ` + accountSeen + ` FROM people WHERE id = ANY($1) AND jsonb_typeof(data) = 'object'`
	found := map[string]Account{}
	var a Account
	var roles []byte

	rows, _ := v.db.origin().pool.Query(ctx, q, textArray(ids))
	_, err := pgx.ForEachRow(rows, append(a.into(&roles), &a.Seen), func() error {
		a.Roles = roleNames(roles)
		found[a.ID] = a
		return nil
	})
	return found, classify(err)
}

func (a *Account) into(roles *[]byte) []any {
	return []any{&a.ID, &a.Name, &a.Lastname, roles, &a.Active, &a.Password, &a.Version}
}
