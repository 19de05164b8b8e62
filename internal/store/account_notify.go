// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/pg"
)

const (
	// accountChannel is where the database tells of changed accounts: the id, or
	// "" for all of them.
	accountChannel = "thalamus_account"
	proofEvery     = 2 * time.Second
	proofTimeout   = 5 * time.Second
)

// AccountListener is notified of changed accounts.
type AccountListener interface {
	Changed(id string)        // the account's password, roles or active; "" is all accounts
	Confirmed(asOf time.Time) // every change committed before asOf has been told
	Disconnected()            // from now on changes may not be told
}

// WatchAccounts tells the listener of changes until ctx ends, over a connection
// of its own. Again and again another connection proves that it still hears. report
// is told why it was lost; it is made anew.
func (db *DB) WatchAccounts(ctx context.Context, listener AccountListener, report func(error)) {
	for ctx.Err() == nil {
		if err := db.watch(ctx, listener, report); ctx.Err() == nil {
			report(err)
		}
		pg.Pause(ctx, reconnectAfter)
		_ = db.reserved.Ready(ctx)
	}
}

func (db *DB) watch(ctx context.Context, listener AccountListener, report func(error)) error {
	w := accountWatcher{db: db, own: ownChannel(), begun: time.Now(), heard: make(chan struct{}, 1), report: report}
	conn, err := db.listen(ctx, accountChannel, w.own)
	if err != nil {
		return err
	}
	defer hangUp(ctx, conn)

	if err := db.reserved.QueryRow(ctx, serverIdentity).Scan(&w.node); err != nil {
		return err
	}

	listener.Changed("") // what happened before was not heard
	ctx, lose := context.WithCancelCause(ctx)
	var proving sync.WaitGroup
	defer proving.Wait()

	proving.Go(func() { lose(w.prove(ctx)) })
	err = w.listen(ctx, conn, listener)
	listener.Disconnected()
	lose(err)
	return context.Cause(ctx) // what came first
}

// accountWatcher listens for changed accounts, and proves that it hears.
type accountWatcher struct {
	db     *DB
	own    string    // the channel of the proofs
	node   string    // the server that both connections lead to
	begun  time.Time // when these are counted from
	heard  chan struct{}
	report func(error)
}

// listen passes on what is told, until the connection is lost. A proof says itself when it was
// asked for: one that comes late proves no more than that.
func (w *accountWatcher) listen(ctx context.Context, conn *pgx.Conn, listener AccountListener) error {
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if n.Channel == accountChannel {
			listener.Changed(n.Payload)
			continue
		}

		w.confirm(n.Payload, listener)

		select {
		case w.heard <- struct{}{}:
		default: // a proof before was late
		}
	}
}

// confirm takes a proof, which holds the time when it was asked for.
func (w *accountWatcher) confirm(payload string, listener AccountListener) {
	asked, err := strconv.ParseInt(payload, 10, 64)
	if err != nil {
		return
	}

	listener.Confirmed(w.begun.Add(time.Duration(asked)))
}

// prove sends notifications from another connection, and ends when one was not heard. One
// that could not be sent proves nothing, and says nothing about what hears.
func (w *accountWatcher) prove(ctx context.Context) error {
	for ctx.Err() == nil {
		asked := time.Since(w.begun)
		if err := w.sendProof(ctx, asked); err != nil && ctx.Err() == nil {
			w.report(fmt.Errorf("ask for a proof that changes of accounts are heard: %w", err))
			w.db.leaveSilentServer(ctx, w.node)
		} else if !w.awaitProof(ctx) {
			w.db.leaveSilentServer(ctx, w.node)
			return errNotHeard
		}

		pg.Pause(ctx, asked+proofEvery-time.Since(w.begun))
	}
	return ctx.Err()
}

func (w *accountWatcher) sendProof(ctx context.Context, asked time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, proofTimeout)
	defer cancel()

	select {
	case <-w.heard: // the answer to an earlier one, that was late
	default:
	}

	return w.db.notify(ctx, w.own, strconv.FormatInt(int64(asked), 10))
}

func (w *accountWatcher) awaitProof(ctx context.Context) bool {
	patience := time.NewTimer(proofTimeout)
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
