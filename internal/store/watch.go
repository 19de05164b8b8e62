// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// accountChannel is where the database tells of changed accounts: the id, or
	// "" for all of them.
	accountChannel = "thalamus_account"
	proveEvery     = 2 * time.Second
	giveUpAfter    = 5 * time.Second
	reconnectAfter = time.Second
)

// AccountListener is told what happens to accounts.
type AccountListener interface {
	Changed(id string)    // the account's password, roles or active; "" is all accounts
	Heard(asOf time.Time) // every change committed before asOf has been told
}

// WatchAccounts tells the listener of changes until ctx ends, over a connection
// of its own that proves again and again that it still hears. report is told why
// a connection was lost; it is made anew.
func (db *DB) WatchAccounts(ctx context.Context, listener AccountListener, report func(error)) {
	for ctx.Err() == nil {
		if err := db.watch(ctx, listener); ctx.Err() == nil {
			report(err)
		}
		select {
		case <-time.After(reconnectAfter):
		case <-ctx.Done():
		}
	}
}

func (db *DB) watch(ctx context.Context, listener AccountListener) error {
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	own := "thalamus_" + strings.ToLower(rand.Text())
	if _, err := conn.Exec(ctx, `LISTEN `+accountChannel+`; LISTEN `+own); err != nil {
		return err
	}
	listener.Changed("") // what happened before was not heard
	for {
		if err := prove(ctx, conn, listener, own); err != nil {
			return err
		}
	}
}

// prove sends a notification to itself and passes on what arrives until it is
// time for the next one. Unanswered, the connection is given up.
func prove(ctx context.Context, conn *pgx.Conn, listener AccountListener, own string) error {
	asked := time.Now()
	ctx, cancel := context.WithDeadline(ctx, asked.Add(giveUpAfter))
	defer cancel()
	if _, err := conn.Exec(ctx, `SELECT pg_notify($1, '')`, own); err != nil {
		return err
	}
	for proven := false; !proven || time.Since(asked) < proveEvery; {
		n, err := next(ctx, conn, asked, proven)
		switch {
		case errors.Is(err, errQuiet):
			return nil
		case err != nil:
			return err
		case n.Channel == accountChannel:
			listener.Changed(n.Payload)
		case n.Channel == own:
			proven = true
			listener.Heard(asked)
		}
	}
	return nil
}

var errQuiet = errors.New("nothing was notified")

// next waits for a notification: once there was a proof only until the next one
// is due, and then gives errQuiet.
func next(ctx context.Context, conn *pgx.Conn, asked time.Time, proven bool) (*pgconn.Notification, error) {
	if !proven {
		return conn.WaitForNotification(ctx)
	}
	ctx, cancel := context.WithDeadline(ctx, asked.Add(proveEvery))
	defer cancel()
	n, err := conn.WaitForNotification(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = errQuiet
	}
	return n, err
}
