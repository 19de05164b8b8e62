// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Write runs something that writes: one statement, or one Transaction, over a connection. It is run
// until there is an answer. again says that an earlier run may have been applied: then it first
// finds out. ErrLost: the context ended before an answer.
func (p *Pool) Write(ctx context.Context, do func(conn *pgx.Conn, again bool) error) error {
	again := false
	for tries := 0; ; tries++ {
		err, broken := p.once(ctx, func(conn *pgx.Conn) error { return do(conn, again) })
		became := outcomeOf(err, broken)
		if became == answered {
			return err
		}
		again = again || became == unknown
		if waited := p.settle(ctx, tries, err, broken); waited != nil {
			return fmt.Errorf("%w: %w", waited, lost(err))
		}
	}
}

// once runs something over a connection. One that is not to be trusted is closed.
func (p *Pool) once(ctx context.Context, do func(*pgx.Conn) error) (err error, broken bool) {
	conn, err := p.Acquire(ctx)
	if err != nil {
		return err, false
	}
	defer conn.Release()
	err = do(conn.Conn())
	if unsafe := onStandby(conn); unsafe != nil {
		_ = conn.Conn().Close(ctx)
		return fmt.Errorf("%w (%w)", unsafe, err), true
	}
	return err, conn.Conn().IsClosed()
}

// settle waits until something that was not answered may be run again. If others were in the way,
// this is at once, the first time.
func (p *Pool) settle(ctx context.Context, tries int, err error, broken bool) error {
	p.complain(err)
	switch {
	case broken && gone(err):
		return p.waitFor(ctx, tries, p.lose(err))
	case tries == 0 && !broken:
		return context.Cause(ctx)
	}
	return p.wait(ctx, nil, time.After(backoff(tries)))
}

// Transaction runs something in a transaction of its own. Its error says whether COMMIT was sent.
func Transaction(ctx context.Context, conn *pgx.Conn, do func(pgx.Tx) error) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return errUncommitted{err}
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback(ctx)
		return errUncommitted{err}
	}
	return tx.Commit(ctx)
}
