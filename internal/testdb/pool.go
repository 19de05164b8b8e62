// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

// pool lends connections to a database, and never makes a borrower wait. A new connection
// costs PostgreSQL a process, which is dearer than most statements of a test.
type pool struct {
	url string

	mu   sync.Mutex
	free []*pgx.Conn
}

// with runs f on a connection that nobody else uses meanwhile.
func (p *pool) with(ctx context.Context, f func(conn *pgx.Conn) error) error {
	conn, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer p.put(conn)

	return f(conn)
}

func (p *pool) exec(ctx context.Context, sql string, args ...any) error {
	return p.with(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, sql, args...)
		return err
	})
}

// reset leaves nothing of what the last borrower of a session set. It is DISCARD ALL without DISCARD PLANS:
// what triggers do would be planned anew for each statement of a test.
const reset = `CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; UNLISTEN *;
	SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES`

// take gives a free connection that still answers, and is in no transaction, or a new one.
func (p *pool) take(ctx context.Context) (*pgx.Conn, error) {
	for conn := p.pop(); conn != nil; conn = p.pop() {
		if isReset(ctx, conn) {
			return conn, nil
		}
		_ = conn.Close(ctx)
	}

	config, err := pgx.ParseConfig(p.url)
	if err != nil {
		return nil, err
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec // tests change tables under it
	return pgx.ConnectConfig(ctx, config)
}

func isReset(ctx context.Context, conn *pgx.Conn) bool {
	if conn.PgConn().TxStatus() != 'I' {
		return false
	}

	_, err := conn.PgConn().Exec(ctx, reset).ReadAll()
	return err == nil
}

func (p *pool) pop() (conn *pgx.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.free) - 1
	if last < 0 {
		return nil
	}

	conn, p.free = p.free[last], p.free[:last]
	return conn
}

func (p *pool) put(conn *pgx.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, conn)
}

// close closes the connections that are not lent.
func (p *pool) close() {
	for conn := p.pop(); conn != nil; conn = p.pop() {
		_ = conn.Close(context.Background())
	}
}
