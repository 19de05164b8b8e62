// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bound lets nobody wait for a connection of the pool, or for another's lock, for longer
// than this. 0: any time.
func bound(config *pgxpool.Config, patience time.Duration) {
	if patience == 0 {
		return
	}
	config.ConnConfig.Tracer = bounded{patience: patience}
	config.ConnConfig.AfterConnect = prepare(session + `SET lock_timeout = ` + strconv.FormatInt(patience.Milliseconds(), 10))
}

// bounded ends the wait for a connection. A pool asks its tracer for the context of
// that wait alone; what is done over the connection has the caller's.
type bounded struct{ patience time.Duration }

// endOfWait is the key under which a context has its cancel.
type endOfWait struct{}

// TraceAcquireStart is pgxpool.AcquireTracer's.
func (b bounded) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	ctx, cancel := context.WithTimeout(ctx, b.patience)
	return context.WithValue(ctx, endOfWait{}, cancel)
}

// TraceAcquireEnd is pgxpool.AcquireTracer's.
func (bounded) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireEndData) {
	if cancel, ok := ctx.Value(endOfWait{}).(context.CancelFunc); ok {
		cancel()
	}
}

// TraceQueryStart is pgx.QueryTracer's, without which pgx takes no tracer.
func (bounded) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd is pgx.QueryTracer's.
func (bounded) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
