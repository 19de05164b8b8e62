// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Bounds of waiting. A backoff doubles after each attempt, between these two.
const (
	maxWaiting     = 1000
	minBackoff     = 50 * time.Millisecond
	maxBackoff     = 500 * time.Millisecond
	reportInterval = time.Second
)

// errCrowded refuses a request when enough others wait.
var errCrowded = errors.New("too many wait for the database already")

// errOutage keeps a pool from connecting while one goroutine tries for all.
var errOutage = errors.New("the database is away")

// ErrPooler is reported when a pooler gives connections to others between statements.
var ErrPooler = errors.New("prepared statements are lost or another's, as behind a connection pooler in transaction mode;" +
	" database.url must lead to PostgreSQL itself, or to a pooler in session mode (pgbouncer: pool_mode = session)")

// ErrFull is reported when PostgreSQL has no more connections to give, and requests share those that the
// pool has.
var ErrFull = errors.New("PostgreSQL has no more connections to give, and requests share those that there are;" +
	" raise its max_connections, or lower database.max_conns")

// Outage is a time when no connection can be made, as far as it has come.
type Outage struct {
	Since   time.Time
	Waiting int   // requests
	Cause   error // of the last attempt, or ErrPooler, or ErrFull; nil: the outage is over
}

// outage has one goroutine that tries to connect, for all requests that wait.
type outage struct {
	end   chan struct{} // closed at the end
	since time.Time
	full  bool // the server runs, and has no more connections to give
}

// currentOutage gives the outage that there is now, or nil.
func (p *Pool) currentOutage() *outage {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.outage
}

// OutageEnd gives a channel that is closed at the end of the outage that there is now; nil
// if there is none, or if the open connections still serve.
func (p *Pool) OutageEnd() <-chan struct{} {
	o := p.currentOutage()
	if o == nil || o.full {
		return nil
	}
	return o.end
}

// beginOutage gives the outage that there is now, and begins one if there is none. Idle
// connections are dropped then, unless the server is only full.
func (p *Pool) beginOutage(cause error) *outage {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outage != nil {
		return p.outage
	}

	p.outage = &outage{end: make(chan struct{}), since: time.Now(), full: isFull(cause)}
	if !p.outage.full {
		p.conns.Reset()
	}
	p.probing.Go(func() { p.probe(cause) })
	return p.outage
}

// probe tries to connect until that succeeds, or fails in a way that does not pass: the
// waiting requests then fail in the same way.
func (p *Pool) probe(cause error) {
	var reported time.Time
	for tries := 0; p.ctx.Err() == nil; tries++ {
		cause = p.tryConnect()
		if cause == nil || !Unreachable(cause) {
			break
		}

		if time.Since(reported) >= reportInterval {
			reported = time.Now()
			p.reportOutage(cause)
		}
		Pause(p.ctx, backoff(tries))
	}
	p.endOutage(cause, !reported.IsZero())
}

func (p *Pool) tryConnect() error {
	conn, err := pgx.ConnectConfig(p.ctx, p.connecting.Copy())
	if err != nil {
		return err
	}
	_ = conn.Close(p.ctx)
	return nil
}

// endOutage lets all waiting requests continue. It reports the end of an outage that was
// reported.
func (p *Pool) endOutage(cause error, reported bool) {
	if reported && cause == nil {
		p.reportOutage(nil)
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.outage.end)
	p.outage = nil
}

func (p *Pool) reportOutage(cause error) {
	o := p.currentOutage()
	p.report(Outage{Since: o.since, Waiting: p.Waiting(), Cause: Reason(cause)})
}

// reportFull reports a server that has no more connections to give, every ten seconds.
func (p *Pool) reportFull(err error) {
	const fullInterval = 10 * time.Second
	if !isTime(&p.fullReported, fullInterval) {
		return
	}
	p.report(Outage{Since: time.Now(), Waiting: p.Waiting(), Cause: fmt.Errorf("%w: %w", ErrFull, Reason(err))})
}

// isTime reports whether something was reported longer ago than the interval, and is to be now. It is
// true for one of several callers.
func isTime(reported *atomic.Int64, interval time.Duration) bool {
	now, last := time.Now().UnixNano(), reported.Load()
	return now-last > int64(interval) && reported.CompareAndSwap(last, now)
}

// reportPooler reports a pooler that does not suit, once a second.
func (p *Pool) reportPooler(err error) {
	var server *pgconn.PgError
	if !errors.As(err, &server) || !hasClass(server.Code, otherStatements) {
		return
	}

	if isTime(&p.poolerReported, reportInterval) {
		p.report(Outage{Since: time.Now(), Waiting: p.Waiting(), Cause: fmt.Errorf("%w (%w)", ErrPooler, err)})
	}
}
