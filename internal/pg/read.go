// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Query runs a statement that reads. If the connection is lost before the first row, it runs it
// again; later the error is ErrLost. Errors show in the rows alone.
func (p *Pool) Query(ctx context.Context, statement string, args ...any) (pgx.Rows, error) {
	r := &rows{query: query{ctx: ctx, pool: p.server(ctx), statement: statement, args: args}}
	r.run()
	return r, nil
}

// QueryRow runs a statement that reads one row until there is an answer.
func (p *Pool) QueryRow(ctx context.Context, statement string, args ...any) pgx.Row {
	return row{query{ctx: ctx, pool: p.server(ctx), statement: statement, args: args}}
}

// query is a statement that reads, and is perhaps run again.
type query struct {
	ctx       context.Context //nolint:containedctx // of the rows, which have no room for it
	pool      *Pool
	statement string
	args      []any
	tries     int
}

// acquire gives a connection, which the caller releases: to the primary if the replica has none.
func (q *query) acquire() (*Conn, error) {
	conn, err := q.pool.Acquire(q.ctx)
	if err != nil && q.leaveReplica() {
		return q.pool.Acquire(q.ctx)
	}
	return conn, err
}

// waitToRetry reports whether a statement has failed and may be run again, and waits until then.
func (q *query) waitToRetry(err error, broken bool) bool {
	if failed(err, broken) && q.leaveReplica() {
		return true
	}
	if outcomeOf(err, broken) == answered || q.ctx.Err() != nil || q.pool.readOnly.lasts(err, time.Now()) {
		return false
	}

	waited := q.pool.waitToRetry(q.ctx, q.tries, err, broken)
	q.tries++
	return waited == nil
}

// rows are the rows of a query over a connection.
type rows struct {
	query
	pgx.Rows
	conn    *Conn // nil once released
	started bool  // there was a first row
}

func (r *rows) run() {
	conn, err := r.acquire()
	if err != nil {
		r.Rows = errRows{err}
		return
	}
	r.conn = conn
	found, _ := conn.Query(r.ctx, r.statement, r.args...)
	r.Rows = r.pool.collect(found)
}

// Next implements pgx.Rows.
func (r *rows) Next() bool {
	for !r.Rows.Next() {
		broken := r.release()
		err := r.Err()
		if r.started {
			r.markLost(err, broken)
			return false
		}

		again := r.waitToRetry(err, broken)
		if !again {
			return false
		}
		r.run()
	}

	r.started = true
	return true
}

// markLost marks the error of rows that ended early.
func (r *rows) markLost(err error, broken bool) {
	if r.isLost(err, broken) {
		r.leaveReplica()
		r.Rows = errRows{markLost(err)}
	}
}

// Close implements pgx.Rows.
func (r *rows) Close() {
	r.Rows.Close()
	r.release()
}

// release releases the connection, and reports whether it is broken.
func (r *rows) release() (broken bool) {
	if r.conn == nil {
		return false
	}
	broken = r.conn.Conn().IsClosed()
	r.conn.Release()
	r.conn = nil
	return broken
}

// row is the first row of a query.
type row struct{ query }

// Scan implements pgx.Row.
func (r row) Scan(into ...any) error {
	for {
		err, broken := r.scan(into)
		again := r.waitToRetry(err, broken)
		if !again {
			return err
		}
	}
}

func (r *row) scan(into []any) (err error, broken bool) {
	conn, err := r.acquire()
	if err != nil {
		return err, false
	}
	defer conn.Release()

	err = conn.QueryRow(r.ctx, r.statement, r.args...).Scan(into...)
	return err, conn.Conn().IsClosed()
}

// Read runs do in a transaction that reads, and again if the connection is lost; not after an
// error that is Final.
func (p *Pool) Read(ctx context.Context, options pgx.TxOptions, do func(pgx.Tx) error) error {
	q := query{ctx: ctx, pool: p.server(ctx)}
	return q.read(options, do)
}

func (q *query) read(options pgx.TxOptions, do func(pgx.Tx) error) error {
	for {
		err, broken := q.readOnce(options, do)
		var final errFinal
		if errors.As(err, &final) && q.isLost(err, broken) {
			q.leaveReplica()
			return markLost(err)
		}

		again := q.waitToRetry(err, broken)
		if !again {
			return err
		}
	}
}

func (q *query) readOnce(options pgx.TxOptions, do func(pgx.Tx) error) (err error, broken bool) {
	ctx := q.ctx
	conn, err := q.acquire()
	if err != nil {
		return err, false
	}
	defer conn.Release()

	tx, err := conn.BeginTx(ctx, options)
	if err != nil {
		return err, conn.Conn().IsClosed()
	}
	err = do(tx)
	if err != nil {
		broken = conn.Conn().IsClosed()
		_ = tx.Rollback(ctx)
		return err, broken
	}

	_ = tx.Commit(ctx) // nothing was written
	return nil, false
}

// errFinal is an error after which a part of the result had been handed on.
type errFinal struct{ error }

func (e errFinal) Unwrap() error { return e.error }

// Final marks an error of a function of Read that must not be run again.
func Final(err error) error {
	if err != nil {
		return errFinal{err}
	}
	return nil
}
