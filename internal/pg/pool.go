// SPDX-License-Identifier: GPL-3.0-or-later

// Package pg keeps connections to PostgreSQL and outlasts its absence. What is asked while nobody
// is there waits for a connection until its context ends. What was asked when a connection broke
// is asked again, if it reads; if it writes, its caller is called again and finds out whether it
// was applied.
package pg

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Pool is connections to one database. Its methods may be called concurrently.
type Pool struct {
	conns      *pgxpool.Pool
	connecting *pgx.ConnConfig
	report     func(Outage)
	wires      *wires

	life    context.Context //nolint:containedctx // of the probing goroutine
	die     context.CancelFunc
	probing sync.WaitGroup
	waiting atomic.Int32

	complained atomic.Int64 // nanoseconds since 1970

	mu     sync.Mutex
	outage *outage // nil while connections can be made
}

// New makes a pool of connections, and none of them yet. report is told of an outage,
// once a second, and of its end; nil: nobody is told. The caller closes.
func New(config *pgxpool.Config, report func(Outage)) (*Pool, error) {
	config = config.Copy()
	if report == nil {
		report = func(Outage) {}
	}
	p := &Pool{report: report, wires: newWires()}
	p.life, p.die = context.WithCancel(context.Background())
	config.ConnConfig.DialFunc = p.wires.dialer(config.ConnConfig.ConnectTimeout)
	config.ConnConfig.OnNotice = hear
	config.PingTimeout = config.ConnConfig.ConnectTimeout
	p.connecting = config.ConnConfig.Copy()
	config.BeforeConnect = func(context.Context, *pgx.ConnConfig) error {
		if p.isAway() != nil {
			return errAway
		}
		return nil
	}

	var err error
	if p.conns, err = pgxpool.NewWithConfig(p.life, config); err != nil {
		p.die()
		return nil, fmt.Errorf("make a pool of connections: %w", err)
	}
	return p, nil
}

// Close waits for what runs, and closes every connection.
func (p *Pool) Close() {
	p.die()
	p.probing.Wait()
	p.conns.Close()
}

// Config gives a copy of how connections are made.
func (p *Pool) Config() *pgxpool.Config { return p.conns.Config() }

// Waiting is how many wait for a connection, or to try again.
func (p *Pool) Waiting() int { return int(p.waiting.Load()) }

// Drop breaks off all connections, and what runs over them, because the server at their other end
// says nothing. What broke off is tried again elsewhere.
func (p *Pool) Drop() {
	p.conns.Reset()
	p.wires.cut()
}

// Acquire waits for a connection. The caller releases it.
func (p *Pool) Acquire(ctx context.Context) (*pgxpool.Conn, error) {
	for tries := 0; ; tries++ {
		conn, err := p.conns.Acquire(ctx)
		if err == nil {
			return conn, nil
		}
		if ctx.Err() != nil || p.life.Err() != nil || !Away(err) {
			return nil, err
		}
		if waited := p.waitFor(ctx, tries, p.lose(err)); waited != nil {
			return nil, fmt.Errorf("%w: %w", waited, lost(err))
		}
	}
}

// Ready returns at once while connections can be made, and waits for them else: for what shares a
// connection with others, and is not to crowd there.
func (p *Pool) Ready(ctx context.Context) error {
	for over := p.Over(); over != nil; over = p.Over() {
		if err := p.wait(ctx, over, nil); err != nil {
			return fmt.Errorf("%w: %w", err, errAway)
		}
	}
	return nil
}

// standbyKey is where a connection notes that a commit was not waited for.
const standbyKey = "thalamus_standby"

// hear notes on its connection that PostgreSQL gave up waiting for a synchronous standby. It says
// so in a warning, beside a success. No statement of ours makes another warning of this SQLSTATE.
func hear(conn *pgconn.PgConn, n *pgconn.Notice) {
	const warning, cancelled = "WARNING", "01000"
	if n.SeverityUnlocalized == warning && (n.Code == cancelled || n.Routine == "SyncRepWaitForLSN") {
		conn.CustomData()[standbyKey] = true
	}
}

// onStandby is errStandby if the connection has heard that since it was made.
func onStandby(conn *pgxpool.Conn) error {
	if conn.Conn().PgConn().CustomData()[standbyKey] != nil {
		return errStandby
	}
	return nil
}
