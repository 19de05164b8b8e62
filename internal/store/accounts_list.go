// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"
)

// Account is a person as administrators of accounts see one. The hash stays in the database.
type Account struct {
	ID             string
	Name, Lastname string // "" where none is known
	Roles          []string
	Active         bool
	Password       bool       // with one that a login is compared with
	Changed        *time.Time // when the password was, as far as the history is kept; known of Account only
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

// EachAccount hands on accounts by id. It reads all persons.
func (v View) EachAccount(ctx context.Context, f AccountFilter, take func(Account) error) error {
	const q = `SELECT ` + account + ` FROM people
		WHERE jsonb_typeof(data) = 'object' AND NOT ($2 AND ` + isActive + `) AND CASE $1
			WHEN '' THEN COALESCE(data ->> 'password', '') <> '' OR COALESCE(NULLIF(data -> 'roles', 'null'), '[]') NOT IN ('[]', '["end_user"]')
			ELSE jsonb_typeof(data -> 'roles') = 'array' AND data -> 'roles' ? $1 END
		ORDER BY id`

	var a Account
	var roles []byte
	rows, _ := v.db.pool.Query(ctx, q, f.Role, f.Inactive)
	return forEach(rows, a.into(&roles), func() error {
		a.Roles = roleNames(roles)
		return take(a)
	})
}

// Account gives one account, whether or not it has ever been one.
func (v View) Account(ctx context.Context, id string) (a Account, err error) {
	const q = `SELECT ` + account + `, (SELECT max(time) FROM thalamus_changes AS c
			WHERE c.id = people.id AND c.resource = 'person' AND c.operation = 'password')
		FROM people WHERE id = $1 AND jsonb_typeof(data) = 'object'`

	var roles []byte
	err = v.db.pool.QueryRow(ctx, q, id).Scan(append(a.into(&roles), &a.Changed)...)
	a.Roles = roleNames(roles)
	return a, notFoundOr(err, noPerson)
}

func (a *Account) into(roles *[]byte) []any {
	return []any{&a.ID, &a.Name, &a.Lastname, roles, &a.Active, &a.Password, &a.Version}
}
