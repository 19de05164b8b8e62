// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// lastAdministrator is why a person is not changed.
const lastAdministrator = "last administrator"

// ErrLastAdministrator is the error of a change that would leave nobody who can administer
// accounts.
var ErrLastAdministrator = fed.Errorf(fed.Conflict, "This is the last account that can administer accounts: "+
	"active, with a password, and with a role that has the grant \"roles\". Make another one an administrator first.")

// losesAdministrator is whether a person of "data" administers accounts, and of "merged" does
// not, unless it is known that somebody else does.
var losesAdministrator = `NOT @spare AND ` + administers + `
			AND NOT ` + strings.ReplaceAll(administers, `data`, `merged`)

// lockAdministrators waits until no other transaction takes an administrator away, and has others wait
// for this one. It is a statement of its own, and the first one: the next sees all that was
// committed until the wait ended, whatever the database's default isolation.
func lockAdministrators(ctx context.Context, tx pgx.Tx) error {
	const lock = `SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(x'7468616c'::int, 4)`
	_, err := tx.Exec(ctx, lock, pgx.QueryExecModeSimpleProtocol)
	return err
}

// hasOtherAdministrator reports whether somebody else than @id administers accounts. It reads all
// persons until it finds one.
func hasOtherAdministrator(ctx context.Context, tx pgx.Tx, args pgx.NamedArgs) (has bool, err error) {
	const q = `SELECT EXISTS (SELECT FROM people WHERE id <> @id AND ` + administers + `)`
	err = tx.QueryRow(ctx, q, args).Scan(&has)
	return has, err
}

// refuseLastAdministrator refuses the removal of a person, who is locked, if that is the last administrator.
func refuseLastAdministrator(ctx context.Context, tx pgx.Tx, w fed.Write, id string) error {
	const q = `SELECT EXISTS (SELECT FROM people WHERE id = @id AND ` + administers + `)`
	args := pgx.NamedArgs{"id": id, "administrators": w.Administrators}
	var is bool
	if err := tx.QueryRow(ctx, q, args).Scan(&is); err != nil || !is {
		return err
	}

	other, err := hasOtherAdministrator(ctx, tx, args)
	if err != nil || other {
		return err
	}

	return ErrLastAdministrator
}
