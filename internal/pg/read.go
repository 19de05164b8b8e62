// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Query asks for rows. If the connection is lost before the first one, it asks again; later the
// error is ErrLost. Errors show in the rows alone.
func (p *Pool) Query(ctx context.Context, statement string, args ...any) (pgx.Rows, error) {
	r := &rows{asking: asking{ctx: ctx, pool: p, statement: statement, args: args}}
	r.ask()
	return r, nil
}

// QueryRow asks for one row until there is an answer.
func (p *Pool) QueryRow(ctx context.Context, statement string, args ...any) pgx.Row {
	return row{asking{ctx: ctx, pool: p, statement: statement, args: args}}
}

// asking is a statement that reads, and is perhaps asked again.
type asking struct {
	ctx       context.Context //nolint:containedctx // of the rows, which have no room for it
	pool      *Pool
	statement string
	args      []any
	tries     int
}

// again waits until a failed statement may be asked again, and reports whether it may.
func (a *asking) again(err error, broken bool) bool {
	if outcomeOf(err, broken) == answered || a.ctx.Err() != nil {
		return false
	}
	waited := a.pool.settle(a.ctx, a.tries, err, broken)
	a.tries++
	return waited == nil
}

// rows are those of an asking over a connection.
type rows struct {
	asking
	pgx.Rows
	conn  *pgxpool.Conn // nil: given back
	begun bool
}

// ask runs the statement.
func (r *rows) ask() {
	var err error
	if r.conn, err = r.pool.Acquire(r.ctx); err != nil {
		r.Rows = noRows{err}
		return
	}
	r.Rows, _ = r.conn.Query(r.ctx, r.statement, r.args...)
}

// Next is pgx.Rows'.
func (r *rows) Next() bool {
	for !r.Rows.Next() {
		broken := r.release()
		err := r.Err()
		if outcomeOf(err, broken) != answered && r.begun {
			r.Rows = noRows{lost(err)}
		}
		if r.begun || !r.again(err, broken) {
			return false
		}
		r.ask()
	}
	r.begun = true
	return true
}

// Close is pgx.Rows'.
func (r *rows) Close() {
	r.Rows.Close()
	r.release()
}

// release gives the connection back, and reports whether it is of no use.
func (r *rows) release() (broken bool) {
	if r.conn == nil {
		return false
	}
	broken = r.conn.Conn().IsClosed()
	r.conn.Release()
	r.conn = nil
	return broken
}

// row is the first one of an asking.
type row struct{ asking }

// Scan is pgx.Row's.
func (r row) Scan(into ...any) error {
	for {
		err, broken := r.scan(into)
		if err == nil || !r.again(err, broken) {
			return err
		}
	}
}

func (r row) scan(into []any) (err error, broken bool) {
	conn, err := r.pool.Acquire(r.ctx)
	if err != nil {
		return err, false
	}
	defer conn.Release()
	err = conn.QueryRow(r.ctx, r.statement, r.args...).Scan(into...)
	return err, conn.Conn().IsClosed()
}

// Read runs something that reads in a transaction, and again if the connection is lost, but for an
// error that is final.
func (p *Pool) Read(ctx context.Context, options pgx.TxOptions, do func(pgx.Tx) error) error {
	a := asking{ctx: ctx, pool: p}
	for {
		err, broken := p.transact(ctx, options, do)
		var handedOn errFinal
		if errors.As(err, &handedOn) && outcomeOf(err, broken) != answered {
			return lost(err)
		}
		if err == nil || !a.again(err, broken) {
			return err
		}
	}
}

func (p *Pool) transact(ctx context.Context, options pgx.TxOptions, do func(pgx.Tx) error) (err error, broken bool) {
	conn, err := p.Acquire(ctx)
	if err != nil {
		return err, false
	}
	defer conn.Release()
	tx, err := conn.BeginTx(ctx, options)
	if err != nil {
		return err, conn.Conn().IsClosed()
	}
	if err = do(tx); err != nil {
		broken = conn.Conn().IsClosed()
		_ = tx.Rollback(ctx)
		return err, broken
	}
	_ = tx.Commit(ctx) // nothing was written
	return nil, false
}

// errFinal is an error behind which something was handed on.
type errFinal struct{ error }

func (e errFinal) Unwrap() error { return e.error }

// Final keeps what reads from being run again.
func Final(err error) error {
	if err == nil {
		return nil
	}
	return errFinal{err}
}

// noRows are the rows of a statement that was not asked.
type noRows struct{ err error }

func (noRows) Close()                                       {}
func (n noRows) Err() error                                 { return n.err }
func (noRows) CommandTag() (none pgconn.CommandTag)         { return none }
func (noRows) FieldDescriptions() []pgconn.FieldDescription { return nil }
func (noRows) Next() bool                                   { return false }
func (n noRows) Scan(...any) error                          { return n.err }
func (n noRows) Values() ([]any, error)                     { return nil, n.err }
func (noRows) RawValues() [][]byte                          { return nil }
func (noRows) Conn() *pgx.Conn                              { return nil }
func (noRows) TypeMap() *pgtype.Map                         { return nil }
