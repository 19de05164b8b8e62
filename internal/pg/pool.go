// SPDX-License-Identifier: GPL-3.0-or-later

// Package pg keeps a pool of connections to PostgreSQL that outlasts an outage of it. A
// statement that comes during an outage waits for a connection until its context ends.
// When a connection is lost, a statement that reads is run again; for one that writes, its
// caller is called again and finds out whether the first attempt was applied.
package pg

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Pool is connections to one database. Its methods may be called concurrently.
type Pool struct {
	conns      *pgxpool.Pool
	share      *share
	connecting *pgx.ConnConfig
	report     func(Outage)
	sockets    *sockets

	primary  *Pool // of a replica; else nil
	repeated atomic.Uint64

	ctx     context.Context //nolint:containedctx // of the probing goroutine
	cancel  context.CancelFunc
	probing sync.WaitGroup
	waiting atomic.Int32

	poolerReported atomic.Int64 // nanoseconds since 1970
	fullReported   atomic.Int64 // the same
	readOnly       readOnly

	mu     sync.Mutex
	outage *outage // nil while connections can be made
}

// New makes a pool without any connection yet. It reports an outage once a second, and
// its end; a nil report is not called. The caller closes.
func New(config *pgxpool.Config, report func(Outage)) (*Pool, error) {
	config = config.Copy()
	if report == nil {
		report = func(Outage) {}
	}
	p := &Pool{report: report, share: newShare(int(config.MaxConns)), sockets: newSockets()}
	p.ctx, p.cancel = context.WithCancel(context.Background())

	config.ConnConfig.DialFunc = p.sockets.dialer(config.ConnConfig.ConnectTimeout, config.ConnConfig.User)
	config.ConnConfig.OnNotice = onNotice
	config.PingTimeout = config.ConnConfig.ConnectTimeout
	p.connecting = config.ConnConfig.Copy()
	config.BeforeConnect = func(context.Context, *pgx.ConnConfig) error {
		if p.currentOutage() != nil {
			return errOutage
		}
		return nil
	}

	var err error
	p.conns, err = pgxpool.NewWithConfig(p.ctx, config)
	if err != nil {
		p.cancel()
		return nil, fmt.Errorf("make a pool of connections: %w", err)
	}
	return p, nil
}

// Close waits for statements that run, and closes every connection.
func (p *Pool) Close() {
	p.cancel()
	p.probing.Wait()
	p.conns.Close()
}

// Config gives a copy of how connections are made.
func (p *Pool) Config() *pgxpool.Config { return p.conns.Config() }

// Stat tells how the connections are used.
func (p *Pool) Stat() *pgxpool.Stat { return p.conns.Stat() }

// Waiting counts the requests that wait for a connection, or to try again.
func (p *Pool) Waiting() int { return int(p.waiting.Load()) }

// Drop breaks off all connections with the statements that run over them, because the
// server at their other end is silent. These statements are tried again elsewhere.
func (p *Pool) Drop() {
	p.conns.Reset()
	p.sockets.closeAll()
}

// Acquire waits for a connection. The caller releases it. Where the server has no more to give, it
// waits for one of those that there are. For a replica that is away it does not wait.
func (p *Pool) Acquire(ctx context.Context) (*Conn, error) {
	for tries := 0; ; tries++ {
		conn, err := p.acquireOnce(ctx)
		if !p.mayReconnect(ctx, err) {
			return conn, err
		}

		limited := p.limit(err)
		if limited {
			continue
		}

		outage := p.beginOutage(err)
		if p.primary != nil {
			return nil, err
		}

		waited := p.waitForEnd(ctx, tries, outage)
		if waited != nil {
			return nil, fmt.Errorf("%w: %w", waited, markLost(err))
		}
	}
}

func (p *Pool) acquireOnce(ctx context.Context) (*Conn, error) {
	err := p.share.enter(ctx, time.Now())
	if err != nil {
		return nil, err
	}

	conn, err := p.conns.Acquire(ctx)
	if err != nil {
		p.share.leave(time.Now())
		return nil, err
	}
	return &Conn{conn, p.share}, nil
}

// limit keeps to the connections that there are, if the server has refused another one. With none it
// is an outage.
func (p *Pool) limit(err error) (limited bool) {
	stat := p.conns.Stat()
	have := int(stat.AcquiredConns() + stat.IdleConns())
	if !isFull(err) || have == 0 {
		return false
	}

	p.share.shrink(time.Now(), have)
	p.reportFull(err)
	return true
}

// mayReconnect reports whether an attempt to connect failed in a way that passes.
func (p *Pool) mayReconnect(ctx context.Context, err error) bool {
	return err != nil && Unreachable(err) && ctx.Err() == nil && p.ctx.Err() == nil
}

// Ready returns at once while connections can be made, and else waits until they can: for
// requests that share a connection with others, so that they do not crowd there.
func (p *Pool) Ready(ctx context.Context) error {
	if p.primary != nil {
		return p.readyReplica(ctx)
	}

	for end := p.OutageEnd(); end != nil; end = p.OutageEnd() {
		if err := p.wait(ctx, end, nil); err != nil {
			return fmt.Errorf("%w: %w", err, errOutage)
		}
	}
	return nil
}
