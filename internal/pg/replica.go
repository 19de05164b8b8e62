// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// NewReplica makes a pool for a copy of the primary's database, which is only read. Whatever it cannot
// answer, because it is away, or with an error of its own, is answered by the primary's pool: nobody
// waits for a replica, or hears that it failed. The caller closes it before the primary.
func NewReplica(config *pgxpool.Config, primary *Pool) (*Pool, error) {
	p, err := New(config, nil)
	if err != nil {
		return nil, err
	}
	p.primary = primary
	return p, nil
}

// Repeated counts the statements that a replica could not answer.
func (p *Pool) Repeated() uint64 { return p.repeated.Load() }

// readyReplica is Ready of a replica: nobody waits for one, but for the primary behind it.
func (p *Pool) readyReplica(ctx context.Context) error {
	if p.OutageEnd() != nil {
		return p.primary.Ready(ctx)
	}
	return nil
}

// leftKey is the key of a context under which it is kept whether a reading has left its replica.
type leftKey struct{}

// StayWhereItGoes gives a context for a reading of several statements: once one of them had to go to
// the primary the others go there, too. A replica that comes back may be behind what was read already.
func (p *Pool) StayWhereItGoes(ctx context.Context) context.Context {
	if p.primary == nil {
		return ctx
	}
	return context.WithValue(ctx, leftKey{}, new(atomic.Bool))
}

// server is the pool that a statement goes to.
func (p *Pool) server(ctx context.Context) *Pool {
	if p.primary == nil {
		return p
	}

	left, _ := ctx.Value(leftKey{}).(*atomic.Bool)
	if left != nil && left.Load() {
		return p.primary
	}
	return p
}

// leaveReplica has the primary answer what a replica could not, and reports whether it does.
func (q *query) leaveReplica() bool {
	if q.pool.primary == nil || q.ctx.Err() != nil {
		return false
	}

	left, _ := q.ctx.Value(leftKey{}).(*atomic.Bool)
	if left != nil {
		left.Store(true)
	}

	q.pool.repeated.Add(1)
	q.pool = q.pool.primary
	return true
}

// isLost reports whether an error says nothing of the statement, which another server may answer.
func (q *query) isLost(err error, broken bool) bool {
	return outcomeOf(err, broken) != answered || q.pool.primary != nil && failed(err, broken)
}

// failed reports whether an error is the server's, or the network's, and not the caller's. What one
// server cannot answer another one may, whatever it says: it may be a setting, or its disk.
func failed(err error, broken bool) bool {
	var server *pgconn.PgError
	return err != nil && (broken || errors.As(err, &server))
}
