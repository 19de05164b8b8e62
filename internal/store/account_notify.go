// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/pg"
	"thalamus/internal/task"
)

const (
	// accountChannel is where the database tells of changed accounts: the id, or
	// "" for all of them.
	accountChannel    = "thalamus_account"
	consentChannel    = "thalamus_consent" // of new statements: the person, or "" for anybody
	privateChannel    = "thalamus_private" // of persons' first private pages, in the same way
	heartbeatInterval = 2 * time.Second
	heartbeatTimeout  = 5 * time.Second
)

// AccountListener is notified of changed accounts.
type AccountListener interface {
	Changed(id string)        // the account's password, roles or active; "" is all accounts
	Confirmed(asOf time.Time) // every change committed before asOf has been told
	Disconnected()            // from now on changes may not be told
}

// WatchAccounts tells the listener of changes until ctx ends, over a connection
// of its own; the DB itself hears of new statements about persons. Heartbeats over another connection prove that it still hears. report is told
// why it was lost, and every ten seconds why it cannot be made anew.
func (db *DB) WatchAccounts(ctx context.Context, listener AccountListener, report func(error)) {
	report = sampledReport(report)
	db.watching.Store(true)
	defer db.watching.Store(false)
	for ctx.Err() == nil {
		if err := db.watch(ctx, listener, report); ctx.Err() == nil {
			report(err)
		}
		pg.Pause(ctx, reconnectAfter)
		_ = db.reserved.Ready(ctx)
	}
}

func (db *DB) watch(ctx context.Context, listener AccountListener, report func(error)) error {
	w := accountWatcher{db: db, own: uniqueChannel(), start: time.Now(), heard: make(chan struct{}, 1), report: report}
	channels := []string{accountChannel, consentChannel, privateChannel, emergencyChannel, w.own}
	db.listens.Store(listening(channels...)) // before anybody can see it there

	conn, err := db.listen(ctx, channels...)
	if err != nil {
		return err
	}
	defer closeConnection(ctx, conn)

	if err := db.reserved.QueryRow(ctx, serverIdentity).Scan(&w.node); err != nil {
		return err
	}

	listener.Changed("") // of changes before it was not told
	if err := db.readGuarded(ctx); err != nil {
		return err
	}
	ctx, lose := context.WithCancelCause(ctx)
	heartbeats := task.Start(ctx, func(ctx context.Context) { lose(w.sendHeartbeats(ctx)) })
	defer heartbeats.Stop()

	err = w.listen(ctx, conn, listener)
	db.guarded.forget()
	listener.Disconnected()
	lose(err)
	return context.Cause(ctx) // the first one
}

// accountWatcher listens for changed accounts, and for its own heartbeats, which prove that
// it hears.
type accountWatcher struct {
	db     *DB
	own    string    // the channel of the heartbeats
	node   string    // the server to which both connections lead
	start  time.Time // from which heartbeats count their time
	heard  chan struct{}
	report func(error)
}

// listen passes on what is told, until the connection is lost. A heartbeat says itself when it
// was sent: one that comes late proves no more than that.
func (w *accountWatcher) listen(ctx context.Context, conn *pgx.Conn, listener AccountListener) error {
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}

		switch n.Channel {
		case accountChannel:
			listener.Changed(n.Payload)
			continue
		case consentChannel:
			w.db.guarded.add(n.Payload)
			continue
		case privateChannel:
			w.db.guarded.addPrivate(n.Payload)
			continue
		case emergencyChannel:
			if err := w.db.readOpenBooks(ctx, w.db.guarded.known.Load()); err != nil {
				return err
			}
			continue
		}

		w.confirm(n.Payload, listener)

		select {
		case w.heard <- struct{}{}:
		default: // one before was late
		}
	}
}

// confirm takes a heartbeat, which holds the time when it was sent.
func (w *accountWatcher) confirm(payload string, listener AccountListener) {
	sent, err := strconv.ParseInt(payload, 10, 64)
	if err != nil {
		return
	}

	asOf := w.start.Add(time.Duration(sent))
	w.db.guarded.confirm(asOf)
	listener.Confirmed(asOf)
}

// sendHeartbeats notifies from another connection, and ends when a heartbeat was not heard.
// One that could not be sent proves nothing.
func (w *accountWatcher) sendHeartbeats(ctx context.Context) error {
	for ctx.Err() == nil {
		sent := time.Since(w.start)
		if err := w.sendHeartbeat(ctx, sent); err != nil && ctx.Err() == nil {
			w.report(fmt.Errorf("ask whether changes of accounts are heard: %w", err))
			w.db.leaveSilentServer(ctx, w.node)
		} else if !w.awaitHeartbeat(ctx) {
			w.db.leaveSilentServer(ctx, w.node)
			return errNotHeard
		}

		pg.Pause(ctx, sent+heartbeatInterval-time.Since(w.start))
	}
	return ctx.Err()
}

func (w *accountWatcher) sendHeartbeat(ctx context.Context, sent time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
	defer cancel()

	select {
	case <-w.heard: // the answer to an earlier one, that was late
	default:
	}

	return w.db.notify(ctx, w.own, strconv.FormatInt(int64(sent), 10))
}

func (w *accountWatcher) awaitHeartbeat(ctx context.Context) bool {
	patience := time.NewTimer(heartbeatTimeout)
	defer patience.Stop()
	select {
	case <-w.heard:
		return true
	case <-patience.C:
		return false
	case <-ctx.Done():
		return true // nobody asks any more
	}
}
