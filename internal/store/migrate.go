// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/pg"
	"thalamus/migrations"
)

// Wrapped by Check when the database is not at this program's schema.
var (
	ErrSchema = errors.New("the database does not fit this program")
	ErrOlder  = fmt.Errorf("%w", ErrSchema) // but would, after Migrate
)

// migrationLock makes migrating programs wait for each other.
const migrationLock = 0x7468616c // "thal"

// Migrate brings the database to this program's schema and gives the names of
// the steps it took. Programs that migrate at once wait for each other. The public may create
// nothing beside its tables from then on, if this database user can forbid that.
func (db *DB) Migrate(ctx context.Context) (steps []string, err error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Release()

	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrationLock); err != nil {
		return nil, fmt.Errorf("wait for other migrations: %w", err)
	}
	defer func() {
		_, unlockErr := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrationLock)
		err = errors.Join(err, unlockErr)
	}()

	schema, err := schemaToMigrate(ctx, conn.Conn())
	if err != nil {
		return nil, err
	}
	if err := closeSchema(ctx, conn.Conn(), schema); err != nil {
		return nil, err
	}

	pending, err := pendingSteps(ctx, conn)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	if err := checkOwner(ctx, conn.Conn()); err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, createLedger); err != nil {
		return nil, fmt.Errorf("create the table of migrations: %w", err)
	}

	for _, m := range pending {
		if err := apply(ctx, conn.Conn(), m, schema); err != nil {
			return steps, err
		}
		steps = append(steps, fmt.Sprintf("%04d_%s", m.Number, m.Name))
	}

	return steps, analyze(ctx, conn.Conn())
}

// analyze takes statistics of tables that a step may have written anew: they have none
// of new columns, and nothing has changed there that would make autovacuum take them.
func analyze(ctx context.Context, conn *pgx.Conn) error {
	const q = `DO $$BEGIN IF EXISTS (SELECT FROM people) THEN ANALYZE people, pols; END IF; END$$`
	if _, err := conn.Exec(ctx, q); err != nil {
		return fmt.Errorf("take statistics: %w", err)
	}
	return nil
}

// checkOwner refuses a database user who could begin but not finish: the owner
// could not even read the ledger of a stranger.
func checkOwner(ctx context.Context, conn *pgx.Conn) error {
	const q = `SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND NOT pg_has_role(tableowner, 'USAGE')
		AND tablename IN ('people', 'pols', 'personal_docs', 'dus', 'institutions', 'thalamus_migrations'))`

	var others bool
	if err := conn.QueryRow(ctx, q).Scan(&others); err != nil {
		return fmt.Errorf("look for the owner of the tables: %w", err)
	}
	if others {
		return errors.New("the tables belong to another database user; migrate as the owner of the tables")
	}

	return nil
}

const createLedger = `CREATE TABLE IF NOT EXISTS thalamus_migrations (
	number int PRIMARY KEY,
	name text NOT NULL,
	checksum text NOT NULL,
	applied timestamptz NOT NULL DEFAULT now()
)`

// apply runs one step in a schema and notes it, in one transaction.
func apply(ctx context.Context, conn *pgx.Conn, m migrations.Migration, schema string) error {
	const q = `INSERT INTO thalamus_migrations (number, name, checksum) VALUES ($1, $2, $3)`
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for i, statement := range m.Statements(schema) {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("statement %d: %w", i+1, err)
			}
		}

		_, err := tx.Exec(ctx, q, m.Number, m.Name, m.Checksum)
		return err
	})
	if err != nil {
		return fmt.Errorf("migration %04d_%s: %w", m.Number, m.Name, err)
	}

	return nil
}

// Check says whether the database is at this program's schema; the error wraps
// ErrSchema and tells what is different.
func (db *DB) Check(ctx context.Context) error {
	pending, err := pendingSteps(ctx, db.pool)
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		return fmt.Errorf("%w: it lacks %d of the migrations", ErrOlder, len(pending))
	}

	return nil
}

// querier is what a pool, a connection of it and a transaction offer.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// pendingSteps gives what is still to be applied. It fails when the database
// has steps that this program does not know, or other texts of known ones.
func pendingSteps(ctx context.Context, conn querier) ([]migrations.Migration, error) {
	known, err := migrations.All()
	if err != nil {
		return nil, err
	}

	applied, err := appliedSteps(ctx, conn)
	if err != nil {
		return nil, err
	}
	if len(applied) > len(known) {
		return nil, fmt.Errorf("%w: it was migrated by a newer thalamus (step %04d; this one knows %04d)", ErrSchema, len(applied), len(known))
	}

	for i, a := range applied {
		if a.Number != known[i].Number || a.Checksum != known[i].Checksum {
			return nil, fmt.Errorf("%w: its migration %04d_%s is not this program's %04d_%s", ErrSchema, a.Number, a.Name, known[i].Number, known[i].Name)
		}
	}

	return known[len(applied):], nil
}

// appliedSteps reads what was applied, in order; nothing when there is no ledger.
func appliedSteps(ctx context.Context, conn querier) ([]migrations.Migration, error) {
	const q = `SELECT number, name, '' AS sql, checksum FROM thalamus_migrations ORDER BY number`
	rows, _ := conn.Query(ctx, q)
	applied, err := pgx.CollectRows(rows, pgx.RowToStructByPos[migrations.Migration])
	var server *pgconn.PgError

	switch {
	case err == nil:
		return applied, nil
	case errors.As(err, &server) && server.Code == "42P01": // undefined_table
		return nil, nil
	case pg.Unreachable(err):
		return nil, unreachable(err)
	}

	return nil, fmt.Errorf("read the applied migrations: %w", err)
}
