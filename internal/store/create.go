// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// createSpec says how a record is added to one table.
type createSpec struct {
	of      fed.Resource
	columns string // besides id and data
	values  string // for them: $6 and so on
	data    string // of $5, the body
	reply   string // the keys that are left out of the reply
}

// createStatements is a creating's statements. The one that finds out whether this request has created
// the record waits for the standby as the creation does.
type createStatements struct{ insert, version, own string }

// statements take who asks as $1 and $2, whether a deleted id may be used as $3,
// and the id as $4. The insertion gives no row if the id is taken.
func (c createSpec) statements() createStatements {
	table := c.of.Info().Table
	return createStatements{
		insert: attributed(`$1`, `$2`, `$3`, newNode(table, `$5`)) + fmt.Sprintf(`
INSERT INTO %s (id, data%s) SELECT $4::varchar, %s%s FROM asked
ON CONFLICT (id) DO NOTHING RETURNING (data%s)::text, version`, table, c.columns, c.data, c.values, c.reply),
		version: fmt.Sprintf(`SELECT version FROM %s WHERE id = $1`, table),
		own: fmt.Sprintf(`SELECT (data%s)::text, version, pg_logical_emit_message(true, 'thalamus', '')::text FROM %s AS record
WHERE id = $1 AND EXISTS (SELECT FROM thalamus_changes AS c WHERE c.id = $1 AND c.resource = '%s' AND c.version = record.version
	AND c.operation = 'create' AND c.request = $2)`, c.reply, table, c.of),
	}
}

// create runs a creation; created is false when the id is taken, or when nothing
// new is asked for. An id that was deleted is Gone, if it may not be used again.
func (db *DB) create(ctx context.Context, w fed.Write, c createStatements, args ...any) (stored fed.Stored, created bool, err error) {
	if w.Old {
		return stored, false, nil
	}
	if err := db.writes.enter(ctx); err != nil {
		return stored, false, err
	}
	defer db.writes.leave()

	args = append([]any{w.Account, w.Request, "off"}, args...)
	err = db.pool.Write(ctx, func(conn *pgx.Conn, again bool) (err error) {
		stored, err = c.run(ctx, conn, w, args)
		if isOvertaken(err) {
			stored, err = c.run(ctx, conn, w, args)
		}

		if again && errors.Is(err, pgx.ErrNoRows) {
			stored, err = c.find(ctx, conn, args)
		}

		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return fed.Stored{}, false, nil
	}
	if err != nil {
		return stored, false, err
	}

	w.Grow(int64(len(stored.Record)))
	return stored, true, nil
}

// run inserts the record.
func (c createStatements) run(ctx context.Context, conn *pgx.Conn, w fed.Write, args []any) (stored fed.Stored, err error) {
	stored, err = inserted(conn.QueryRow(ctx, c.insert, args...))
	if w.Recreate && fed.KindOf(classify(err)) == fed.Gone {
		return c.recreate(ctx, conn, args)
	}
	return stored, err
}

// find gives the record if an earlier run of this request has created it.
func (c createStatements) find(ctx context.Context, conn *pgx.Conn, args []any) (stored fed.Stored, err error) {
	var text []byte
	err = conn.QueryRow(ctx, c.own, args[3], args[1]).Scan(&text, &stored.Version, new(string))
	stored.Record = text
	return stored, err
}

func inserted(row pgx.Row) (stored fed.Stored, err error) {
	var text []byte
	err = row.Scan(&text, &stored.Version)
	stored.Record = text
	return stored, err
}

// recreate inserts a record whose id was deleted. Its version goes on from the last one of
// the deleted record, and is read after the insertion.
func (c createStatements) recreate(ctx context.Context, conn *pgx.Conn, args []any) (stored fed.Stored, err error) {
	args = append([]any{args[0], args[1], "on"}, args[3:]...)
	err = pg.Transaction(ctx, conn, func(tx pgx.Tx) (err error) {
		stored, err = inserted(tx.QueryRow(ctx, c.insert, args...))
		if err != nil {
			return err
		}

		return tx.QueryRow(ctx, c.version, args[3]).Scan(&stored.Version)
	})

	return stored, err
}

// isOvertaken reports whether another change came between: a unique index has something already. For an
// insertion that does nothing where an id is taken it is that of the history, which rejects a version that
// was counted on from a stale one. The index has other names in partitions.
func isOvertaken(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == overtakenCode
}
