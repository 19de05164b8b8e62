// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// retryCheck finds out whether an earlier run of the same request, whose connection broke before the
// answer, has made a change. The row is locked by a statement before: one that looks at once could
// see neither what it waits for, nor the history of it.
type retryCheck struct {
	resource   fed.Resource
	lock, look string
}

// retryCheckOf looks for changes of one row of a resource, which is found by named arguments.
func retryCheckOf(resource fed.Resource, where string) retryCheck {
	return retryCheck{
		resource: resource,
		lock:     fmt.Sprintf(`SELECT FROM %s WHERE %s FOR UPDATE`, resource.Info().Table, where),
		look: `SELECT version, (` + afterChange(resource) + `)::text FROM (
	SELECT id, resource, version, 'update' AS operation FROM thalamus_changes
	WHERE id = @id AND resource = @resource AND request = @request AND operation IN ('update', 'delete', 'password')
	ORDER BY version DESC LIMIT 1
) AS c`,
	}
}

// find gives the version that the request has made, and the record as it was then; known is
// false if it has made none.
func (a retryCheck) find(ctx context.Context, tx pgx.Tx, args pgx.NamedArgs) (made fed.Stored, known bool, err error) {
	if args["request"] == "" {
		return made, false, nil // of a command
	}

	args["resource"] = a.resource
	if _, err := tx.Exec(ctx, a.lock, args); err != nil {
		return made, false, err
	}

	var text []byte
	err = tx.QueryRow(ctx, a.look, args).Scan(&made.Version, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return made, false, nil
	}
	if err != nil {
		return made, false, err
	}

	made.Record = text
	return made, true, nil
}

// runOnce makes a change, or tells what an earlier run of the same request has made.
func (a retryCheck) runOnce(ctx context.Context, tx pgx.Tx, args pgx.NamedArgs, made func(fed.Stored), run func(querier) error) error {
	earlier, known, err := a.find(ctx, tx, args)
	if err != nil {
		return err
	}
	if !known {
		return run(tx)
	}

	made(earlier)
	_, err = tx.Exec(ctx, awaitStandby)
	return err
}

// change makes a change of a record by one statement, until there is an answer. Where it may have
// been made already it tells what was made, or makes it in the same transaction. One that takes an
// administrator away is made behind all others that do.
func (db *DB) change(ctx context.Context, a retryCheck, args pgx.NamedArgs, made func(fed.Stored), run func(querier) error) error {
	again := func(tx pgx.Tx) error { return a.runOnce(ctx, tx, args, made, run) }

	behind := func(tx pgx.Tx) (err error) {
		if err := lockAdministrators(ctx, tx); err != nil {
			return err
		}

		args["spare"], err = hasOtherAdministrator(ctx, tx, args)
		if err != nil {
			return err
		}

		return again(tx)
	}

	return db.writes.within(ctx, func() error {
		err := db.pool.Write(ctx, func(conn *pgx.Conn, repeated bool) error {
			if repeated {
				return pg.Transaction(ctx, conn, again)
			}
			return run(conn)
		})
		if !errors.Is(err, ErrLastAdministrator) {
			return err
		}

		return db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
			return pg.Transaction(ctx, conn, behind)
		})
	})
}

// awaitStandby commits a message that nobody reads, as the smallest thing that waits for a
// standby: a transaction that writes nothing does not. On a standby itself the message would be an
// internal error; the id of the transaction is refused there as every write is.
const awaitStandby = `SELECT pg_current_xact_id(), pg_logical_emit_message(true, 'thalamus', '')`

// awaitDurable returns when all that can be seen now is where a commit must be: on the synchronous
// standby, if there is to be one. A record that is found there already may be of a writer who
// still waits for the standby, or has given up.
func (db *DB) awaitDurable(ctx context.Context) error {
	return db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
		_, err := conn.Exec(ctx, awaitStandby)
		return err
	})
}
