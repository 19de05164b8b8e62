// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const reconnectAfter = time.Second

// keepalives find within ten seconds that the other end of a quiet connection is gone.
var keepalives = net.KeepAliveConfig{Enable: true, Idle: 4 * time.Second, Interval: 2 * time.Second, Count: 3}

// errNotHeard is what a pooler in transaction mode looks like: it gives the connection that
// listens to somebody else.
var errNotHeard = errors.New("a notification of the database was not heard on another connection within " + giveUpAfter.String() +
	", as behind a connection pooler that gives connections away between transactions;" +
	" database.url must lead to PostgreSQL itself, or to a pooler in session mode (pgbouncer: pool_mode = session)")

// CheckListening fails unless this program hears what the database tells: without that,
// servers would not know of changed passwords.
func (db *DB) CheckListening(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, giveUpAfter)
	defer cancel()
	own := ownChannel()
	conn, err := db.listen(ctx, own)
	if err != nil {
		return unreachable(err)
	}
	defer hangUp(ctx, conn)
	if _, err := db.aside.Exec(ctx, `NOTIFY `+own); err != nil {
		return unreachable(err)
	}
	_, err = conn.WaitForNotification(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return errNotHeard
	}
	return unreachable(err)
}

// listen makes a connection of its own that hears channels. Nothing more is to be sent over it:
// a pooler could answer that which no longer passes on what is told.
func (db *DB) listen(ctx context.Context, channels ...string) (*pgx.Conn, error) {
	config := db.pool.Config().ConnConfig
	config.DialFunc = (&net.Dialer{Timeout: config.ConnectTimeout, KeepAliveConfig: keepalives}).DialContext
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `LISTEN `+strings.Join(channels, `; LISTEN `)); err != nil {
		hangUp(ctx, conn)
		return nil, err
	}
	return conn, nil
}

func hangUp(ctx context.Context, conn *pgx.Conn) { _ = conn.Close(context.WithoutCancel(ctx)) }

// ownChannel gives the name of a channel that nobody else knows.
func ownChannel() string { return "thalamus_" + strings.ToLower(rand.Text()) }
