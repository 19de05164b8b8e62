// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// QueryFunc runs a statement that gives rows.
type QueryFunc func(ctx context.Context, statement string, args ...any) (pgx.Rows, error)

// ReadRows is Read for a function that hands on rows while it asks for them: it is run again only as
// long as it has handed on none. Later the error is ErrLost.
func (p *Pool) ReadRows(ctx context.Context, options pgx.TxOptions, do func(QueryFunc) error) error {
	q := query{ctx: ctx, pool: p.server(ctx)}
	return q.read(options, func(tx pgx.Tx) error {
		begun := false
		err := do(func(ctx context.Context, statement string, args ...any) (pgx.Rows, error) {
			found, err := tx.Query(ctx, statement, args...)
			return &begunRows{q.pool.collect(found), &begun}, err
		})
		if begun {
			return Final(err)
		}
		return err
	})
}

// begunRows tell that one of them was handed on.
type begunRows struct {
	pgx.Rows
	begun *bool
}

// Next implements pgx.Rows.
func (r *begunRows) Next() bool {
	there := r.Rows.Next()
	*r.begun = *r.begun || there
	return there
}
