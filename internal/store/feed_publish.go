// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
	"thalamus/internal/task"
)

const (
	feedChannel    = "thalamus_changes" // where the database tells that the feed has grown
	publishPause   = 200 * time.Millisecond
	publishEvery   = 250 * time.Millisecond
	publishTimeout = 10 * time.Second // with one statement
	maxNotices     = 1000
)

// ChangeNotice says that a record was changed. Person is the id of the person whom the
// record is about, or "".
type ChangeNotice struct {
	Resource fed.Resource
	Person   string
}

// FollowFeed gives changes their places in the feed, soon after wake is sent to and
// a few times a second for those of others. It calls tell with a notice for each kind of
// change that came into the feed, whichever server published it; with nil when there are
// too many. It learns new words of names, for searches. It goes on until ctx ends and
// tries again after an error, which it reports: one that lasts, every ten seconds.
func (db *DB) FollowFeed(ctx context.Context, wake <-chan struct{}, tell func([]ChangeNotice), report func(error)) {
	report = sampledReport(report)
	heard := make(chan struct{}, 1)
	listening := task.Start(ctx, func(ctx context.Context) { db.listenToFeed(ctx, heard, report) })
	defer listening.Stop()

	f := feedPublisher{db: &DB{pool: db.reserved}, notify: tell, replicas: db.replicas, notified: -1, learned: -1, openings: -1}
	look := time.NewTicker(publishEvery)
	defer look.Stop()

	for ctx.Err() == nil {
		more, err := f.step(ctx)
		if err != nil && ctx.Err() == nil {
			report(err)
			pg.Pause(ctx, reconnectAfter)
		}

		pg.Pause(ctx, publishPause)
		if more {
			continue
		}

		select {
		case <-wake:
		case <-heard:
		case <-look.C:
		case <-ctx.Done():
		}
	}
}

// listenToFeed sends to heard for each notification that the feed has grown, until ctx ends.
func (db *DB) listenToFeed(ctx context.Context, heard chan<- struct{}, report func(error)) {
	for ctx.Err() == nil {
		err := db.listenTo(ctx, feedChannel, func() {
			select {
			case heard <- struct{}{}:
			default: // it is being told already
			}
		})
		if ctx.Err() != nil {
			return
		}

		if !errors.Is(err, errInRecovery) { // there the feed grows by itself, and the publisher looks often
			report(err)
		}
		pg.Pause(ctx, reconnectAfter)
		_ = db.reserved.Ready(ctx)
	}
}

// listenTo calls told for each notification until the connection is lost.
func (db *DB) listenTo(ctx context.Context, channel string, told func()) error {
	conn, err := db.listen(ctx, channel)
	if err != nil {
		return err
	}
	defer closeConnection(ctx, conn)
	for {
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
		told()
	}
}

// feedPublisher publishes the feed, and knows up to which position it has notified and learned.
type feedPublisher struct {
	db                *DB
	notify            func([]ChangeNotice)
	replicas          *Replicas
	notified, learned int64 // positions; -1: not known yet
	openings          int64 // the number of the last opening of a book that it has told of; -1: not known yet
}

// step publishes changes, notifies of them, and learns some of their names. more is true if
// there are more names to learn.
func (f *feedPublisher) step(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()

	if err := f.db.Publish(ctx); err != nil {
		return false, err
	}

	end, err := f.db.FeedEnd(ctx)
	if err != nil {
		return false, err
	}

	if end.Position != f.notified {
		if err := f.notifyUpTo(ctx, end); err != nil {
			return false, err
		}
	}

	if err := f.notifyOfOpenings(ctx); err != nil {
		return false, err
	}
	if end.Position == f.learned {
		return false, nil
	}

	more, err = f.learn(ctx)
	if err != nil || more {
		return more, err
	}

	f.learned = end.Position
	return false, nil
}

// learn takes up new words for a moment, and says whether there are more.
func (f *feedPublisher) learn(ctx context.Context) (more bool, err error) {
	more = true
	for begun := time.Now(); more && time.Since(begun) < publishPause; {
		more, err = f.db.LearnWords(ctx)
		if err != nil {
			return more, fmt.Errorf("learning names: %w", err)
		}
	}

	return more, nil
}

// notifyUpTo notifies of the changes since the last time.
func (f *feedPublisher) notifyUpTo(ctx context.Context, end Cursor) error {
	news, ok, err := f.db.changeNotices(ctx, f.notified, end.Position)
	if err != nil {
		return err
	}

	if f.notified < 0 || end.Position < f.notified || !ok { // at first, or after a recovery to an earlier time
		news = nil
	}
	if err := f.noteWriters(ctx, end.Position, news == nil); err != nil {
		return err
	}

	f.notified = end.Position
	f.notify(news)
	return nil
}

// notifyOfOpenings notifies of the books that were opened since the last time.
func (f *feedPublisher) notifyOfOpenings(ctx context.Context) error {
	news, last, err := f.db.openingNotices(ctx, f.openings)
	if err != nil {
		return err
	}

	f.openings = last
	if len(news) > 0 {
		f.notify(news)
	}
	return nil
}

// noteWriters has accounts that have written through another server read the primary for a while, as
// those do that have written through this one.
func (f *feedPublisher) noteWriters(ctx context.Context, to int64, all bool) error {
	switch {
	case f.replicas == nil:
		return nil
	case all:
		f.replicas.wroteAll()
		return nil
	}

	const q = `SELECT DISTINCT c.account FROM thalamus_feed AS f JOIN thalamus_changes AS c ON c.seq = f.seq
		WHERE f.position > $1 AND f.position <= $2 AND c.account IS NOT NULL`
	rows, _ := f.db.pool.Query(ctx, q, f.notified, to)
	accounts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	f.replicas.Wrote(accounts...)
	return classify(err)
}

// changeNotices gives the notices of the changes between two positions; ok is false if there
// are too many.
func (db *DB) changeNotices(ctx context.Context, from, to int64) (news []ChangeNotice, ok bool, err error) {
	if to-from > maxNotices {
		return nil, false, nil
	}

	const q = `SELECT DISTINCT c.resource, COALESCE(c.person, '') FROM thalamus_feed AS f JOIN thalamus_changes AS c ON c.seq = f.seq
		WHERE f.position > $1 AND f.position <= $2`

	rows, _ := db.pool.Query(ctx, q, from, to)
	news, err = pgx.CollectRows(rows, pgx.RowToStructByPos[ChangeNotice])
	return news, true, classify(err)
}

// OpenWriter is a transaction that has written, and has not ended.
type OpenWriter struct {
	Transaction       string // its id
	PID               int32
	User, Application string
	Since             *time.Time // nil: of other users PostgreSQL tells that only to pg_read_all_stats
}

// OpenWriters gives the transactions that have written in this database and are open, the
// oldest first. Their changes come into the feed when they end. The feed does not wait for
// transactions in other databases of the cluster.
func (db *DB) OpenWriters(ctx context.Context) ([]OpenWriter, error) {
	const q = `SELECT backend_xid::text, pid, COALESCE(usename, ''), COALESCE(application_name, ''), xact_start FROM pg_stat_activity
		WHERE datname = current_database() AND backend_xid IS NOT NULL ORDER BY xact_start LIMIT 1000`
	rows, _ := db.pool.Query(ctx, q)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[OpenWriter])
	return found, classify(err)
}
