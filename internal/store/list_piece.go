// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// queryFunc is Query of a pool or a transaction.
type queryFunc = pg.QueryFunc

// queryRunner runs something with a queryFunc that is good for one statement.
type queryRunner func(ctx context.Context, do func(queryFunc) error) error

// onAnyConnection asks over any connection.
func (db *DB) onAnyConnection(_ context.Context, do func(queryFunc) error) error {
	return do(db.pool.Query)
}

// withCustomPlan asks with a plan for the values, not one that is good for any.
func (db *DB) withCustomPlan(ctx context.Context, do func(queryFunc) error) error {
	return db.inTransaction(ctx, customPlanTxOptions, do)
}

// withoutSort asks in the order of an index, which has a first row at once: how long a book
// is, no plan knows, and who reads a whole table may leave.
func (db *DB) withoutSort(ctx context.Context, do func(queryFunc) error) error {
	return db.inTransaction(ctx, pgx.TxOptions{BeginQuery: `BEGIN; SET LOCAL enable_sort = off`}, do)
}

// inTransaction runs queries in a transaction. It does not repeat them after rows were handed on. An
// error of theirs stays as it is.
func (db *DB) inTransaction(ctx context.Context, options pgx.TxOptions, do func(queryFunc) error) error {
	var doing error
	err := db.pool.ReadRows(ctx, options, func(query queryFunc) error {
		doing = do(query)
		return doing
	})
	if errors.Is(err, doing) && !errors.Is(err, pg.ErrLost) {
		return doing
	}

	return classify(err)
}

// parameters are the values of a statement that is put together.
type parameters []any

// add gives a value's place in the statement.
func (p *parameters) add(value any) string {
	*p = append(*p, value)
	return `$` + strconv.Itoa(len(*p))
}

// isObject is true of records. Said so, PostgreSQL expects it of half of the rows; it
// would of one in two hundred, and then sort a whole table for a page of it.
const isObject = `COALESCE(jsonb_typeof(data) = 'object', false)`

// Texts of records as they are shown, as SQL.
const (
	asText     = `data::text`
	personText = `(data - 'password')::text`
)

// listColumns says what is handed on of each row of a list.
type listColumns struct {
	shown  string                                 // SQL of the record's text, from data
	beside string                                 // SQL of more columns, each behind a comma
	into   []any                                  // where those go
	row    func(n int)                            // is told of every row, from 0 on; or nil
	take   func(id string, text fed.Record) error // text is only valid until it returns
}

// piece is what came of a piece's statement.
type piece struct {
	ids    []string // of all rows, in their order
	taken  int      // how many of the first were handed on
	needed int64    // bytes of the next record, if there was no room for it alone
}

// statement gives every row of a source in the order of its n, and the texts of the
// first ones: as many as come to these bytes, and of so many rows at most. How large
// records are as they are stored bounds how many are written out to find the rest.
func (l listColumns) statement(source, bytes, rows string) string {
	return `
SELECT id, size, CASE WHEN total <= ` + bytes + `::bigint THEN text END` + l.beside + ` FROM (
	SELECT *, octet_length(text) AS size, sum(octet_length(text)) OVER (ORDER BY n) AS total FROM (
		SELECT *, CASE WHEN n <= ` + rows + `::bigint AND before < ` + bytes + `::bigint THEN ` + l.shown + ` END AS text FROM (
			SELECT *, sum(stored) OVER (ORDER BY n) - stored AS before FROM (
				SELECT *, COALESCE(pg_column_size(data), 0) AS stored FROM (` + source + `) AS source
			) AS sized
		) AS weighed OFFSET 0
	) AS written
) AS c ORDER BY n`
}

// read runs such a statement.
func (l listColumns) read(ctx context.Context, query queryFunc, statement string, args parameters) (p piece, err error) {
	var id string
	var size *int64
	var text pgtype.DriverBytes

	rows, err := query(ctx, statement, args...)
	if err != nil {
		return p, classify(err)
	}

	err = forEach(rows, append([]any{&id, &size, &text}, l.into...), func() error {
		if l.row != nil {
			l.row(len(p.ids))
		}

		first, fits := len(p.ids) == 0, text != nil && p.taken == len(p.ids)
		p.ids = append(p.ids, id)
		if first && !fits && size != nil {
			p.needed = *size
		}

		if !fits {
			return nil
		}

		p.taken++
		return l.take(id, fed.Record(text))
	})

	return p, err
}
