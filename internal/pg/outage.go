// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Bounds of waiting.
const (
	mostWaiting  = 1000
	firstPause   = 50 * time.Millisecond // doubled after each attempt,
	longestPause = 500 * time.Millisecond
	reportEvery  = time.Second
)

// errCrowded is told to who comes when enough wait.
var errCrowded = errors.New("too many wait for the database already")

// errAway keeps a pool from connecting while somebody tries for all.
var errAway = errors.New("the database is away")

// ErrPooler is reported when connections are given to others between statements.
var ErrPooler = errors.New("prepared statements are lost or another's, as behind a connection pooler in transaction mode;" +
	" database.url must lead to PostgreSQL itself, or to a pooler in session mode (pgbouncer: pool_mode = session)")

// Outage is a time when no connection can be made, as far as it has come.
type Outage struct {
	Since   time.Time
	Waiting int   // requests
	Cause   error // of the last attempt, or ErrPooler; nil: it is over
}

// outage has one goroutine that tries to connect, for all who wait.
type outage struct {
	over  chan struct{}
	since time.Time
	full  bool // the server is there, and has no more connections to give
}

// waitFor lasts until an outage is over, at most as long as the context. Where the server is full,
// it ends by itself now and then: somebody may have given one of our connections back.
func (p *Pool) waitFor(ctx context.Context, tries int, o *outage) error {
	if o.full {
		return p.wait(ctx, o.over, time.After(backoff(tries)))
	}
	return p.wait(ctx, o.over, nil)
}

// wait lasts until either happens, at most as long as the context.
func (p *Pool) wait(ctx context.Context, over <-chan struct{}, pause <-chan time.Time) error {
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > mostWaiting {
		return errCrowded
	}
	select {
	case <-over:
	case <-pause:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// backoff is how long to wait before another attempt: each takes some half of it at random, so
// that those who failed together do not come together.
func backoff(tries int) time.Duration {
	pause := min(firstPause<<min(tries, 10), longestPause)
	return pause/2 + rand.N(pause/2) //nolint:gosec // no secret
}

// isAway gives the outage that there is now, or nil.
func (p *Pool) isAway() *outage {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.outage
}

// Over gives what is closed when the outage that there is now is over; nil if there is none, or if
// the connections that there are still serve.
func (p *Pool) Over() <-chan struct{} {
	if o := p.isAway(); o != nil && !o.full {
		return o.over
	}
	return nil
}

// lose says that there is nobody to connect to, as it seems. Connections that are idle are no longer
// trusted then, unless the server is only full.
func (p *Pool) lose(cause error) *outage {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outage == nil {
		p.outage = &outage{over: make(chan struct{}), since: time.Now(), full: isFull(cause)}
		if !p.outage.full {
			p.conns.Reset()
		}
		p.probing.Go(func() { p.probe(cause) })
	}
	return p.outage
}

// probe tries to connect until that succeeds, or fails for good: then who waits shall see why.
func (p *Pool) probe(cause error) {
	var told time.Time
	for tries := 0; p.life.Err() == nil; tries++ {
		conn, err := pgx.ConnectConfig(p.life, p.connecting.Copy())
		if err == nil {
			_ = conn.Close(p.life)
			cause = nil
			break
		}
		if cause = err; !Away(err) {
			break
		}
		if time.Since(told) >= reportEvery {
			told = time.Now()
			p.tell(cause)
		}
		Pause(p.life, backoff(tries))
	}
	p.end(cause, !told.IsZero())
}

// end lets go on who waits.
func (p *Pool) end(cause error, tell bool) {
	if tell && cause == nil {
		p.tell(nil)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.outage.over)
	p.outage = nil
}

func (p *Pool) tell(cause error) {
	o := p.isAway()
	p.report(Outage{Since: o.since, Waiting: p.Waiting(), Cause: cause})
}

// complain reports a pooler that does not suit, once a second.
func (p *Pool) complain(err error) {
	var server *pgconn.PgError
	if !errors.As(err, &server) || !among(server.Code, misplaced) {
		return
	}
	now, told := time.Now(), p.complained.Load()
	if now.UnixNano()-told > int64(reportEvery) && p.complained.CompareAndSwap(told, now.UnixNano()) {
		p.report(Outage{Since: now, Waiting: p.Waiting(), Cause: fmt.Errorf("%w (%w)", ErrPooler, err)})
	}
}

// Pause waits, or gives up with the context.
func Pause(ctx context.Context, how time.Duration) {
	timer := time.NewTimer(how)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
