// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Write runs do, which writes with one statement or one Transaction, over a connection until there
// is an answer. again says that an earlier run may have been applied: do must then find out first.
// The error is ErrLost if the context ended before an answer. That a server can only be read is one.
func (p *Pool) Write(ctx context.Context, do func(conn *pgx.Conn, again bool) error) error {
	again := false
	for tries := 0; ; tries++ {
		err, broken := p.writeOnce(ctx, func(conn *pgx.Conn) error { return do(conn, again) })
		result := outcomeOf(err, broken)
		if result == answered || p.readOnly.lasts(err, time.Now()) {
			return err
		}

		again = again || result == unknown
		waited := p.waitToRetry(ctx, tries, err, broken)
		switch {
		case waited == nil:
		case hasSQLSTATE(err, refusedWrite):
			return err
		default:
			return fmt.Errorf("%w: %w", waited, markLost(err))
		}
	}
}

// writeOnce runs do over a connection. It closes one that cannot be trusted any more.
func (p *Pool) writeOnce(ctx context.Context, do func(*pgx.Conn) error) (err error, broken bool) {
	conn, err := p.Acquire(ctx)
	if err != nil {
		return err, false
	}
	defer conn.Release()

	err = do(conn.Conn())
	if err == nil {
		p.readOnly.end()
	}
	unsafe := standbyError(conn)
	if unsafe != nil {
		_ = conn.Conn().Close(ctx)
		return fmt.Errorf("%w (%w)", unsafe, err), true
	}
	return err, conn.Conn().IsClosed()
}

// waitToRetry waits until a statement without an answer may be run again. After a conflict with
// other transactions this is at once, the first time.
func (p *Pool) waitToRetry(ctx context.Context, tries int, err error, broken bool) error {
	p.reportPooler(err)
	switch {
	case broken && serverLost(err):
		return p.waitForEnd(ctx, tries, p.beginOutage(err))
	case tries == 0 && !broken:
		return context.Cause(ctx)
	}
	return p.wait(ctx, nil, time.After(backoff(tries)))
}

// Transaction runs do in a transaction of its own. Its error says whether COMMIT was sent.
func Transaction(ctx context.Context, conn *pgx.Conn, do func(pgx.Tx) error) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return errUncommitted{err}
	}

	err = do(tx)
	if err != nil {
		_ = tx.Rollback(ctx)
		return errUncommitted{err}
	}
	return tx.Commit(ctx)
}
