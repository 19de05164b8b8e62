// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const reconnectAfter = time.Second

// listeners are the connections of a server that listen: for accounts, and for the feed.
const listeners = 2

// errNotHeard is what a pooler in transaction mode looks like: it gives the connection that
// listens to somebody else.
var errNotHeard = errors.New("a notification of the database was not heard on another connection within " + heartbeatTimeout.String() +
	", as behind a connection pooler that gives connections away between transactions;" +
	" database.url must lead to PostgreSQL itself, or to a pooler in session mode (pgbouncer: pool_mode = session)")

// CheckListening fails unless this program hears what the database tells: without that,
// servers would not know of changed passwords. A standby tells nothing, and passes; there
// every account is read anew.
func (db *DB) CheckListening(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
	defer cancel()

	own := uniqueChannel()
	conn, err := db.listen(ctx, own)
	switch {
	case errors.Is(err, errInRecovery):
		return nil
	case err != nil:
		return unreachable(err)
	}
	defer closeConnection(ctx, conn)

	if err := db.notify(ctx, own, ""); err != nil {
		return unreachable(err)
	}

	if _, err := conn.WaitForNotification(ctx); err != nil {
		if ctx.Err() != nil {
			return errNotHeard
		}
		return unreachable(err)
	}

	return nil
}

// listen makes a connection of its own that hears channels. Nothing more is to be sent over it:
// a pooler could answer that which no longer passes on what is told. errInRecovery: it leads to
// a standby.
func (db *DB) listen(ctx context.Context, channels ...string) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	if err := refuseStandby(ctx, conn); err != nil {
		closeConnection(ctx, conn)
		return nil, err
	}
	if _, err := conn.Exec(ctx, listening(channels...)); err != nil {
		closeConnection(ctx, conn)
		return nil, err
	}

	return conn, nil
}

// listening is the statement of a connection that hears channels; PostgreSQL shows it.
func listening(channels ...string) string { return `LISTEN ` + strings.Join(channels, `; LISTEN `) }

// notify tells something over another connection than the one that listens.
func (db *DB) notify(ctx context.Context, channel, payload string) error {
	const q = `SELECT pg_notify($1, $2)::text`
	return db.reserved.QueryRow(ctx, q, channel, payload).Scan(new(string))
}

func closeConnection(ctx context.Context, conn *pgx.Conn) { _ = conn.Close(context.WithoutCancel(ctx)) }

// uniqueChannel gives the name of a channel that nobody else knows.
func uniqueChannel() string { return "thalamus_" + strings.ToLower(rand.Text()) }
