// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/pg"
	"thalamus/internal/task"
)

// An outage that nobody has met is known within a second: after the time between two
// questions and the time that one may take. Of commits, too; each is a flush of the disk.
const (
	probeEvery   = 250 * time.Millisecond
	probeTimeout = 750 * time.Millisecond

	commitEvery   = 400 * time.Millisecond
	commitTimeout = 600 * time.Millisecond
)

// Health is what the database can do at the moment.
type Health struct {
	Answers bool
	Broken  bool // it says so of its files or its program, though it answers
	Writes  bool // and keeps them where they are to be
}

// healthState is what the last question has shown.
type healthState struct {
	answers, readOnly atomic.Bool
	committing        atomic.Int64 // since when there was no commit, in nanoseconds since 1970; 0: none is awaited
	known             chan struct{}
	once              sync.Once
}

// WatchHealth keeps Health true until ctx ends, with questions and commits over connections
// that requests do not use: a busy hub is no outage.
func (db *DB) WatchHealth(ctx context.Context) {
	db.probe(ctx) // before the first commit, which then finds its connection open
	committing := task.Start(ctx, func(ctx context.Context) {
		for ctx.Err() == nil {
			db.probeCommit(ctx)
			pg.Pause(ctx, commitEvery)
		}
	})
	defer committing.Stop()

	pg.Pause(ctx, probeEvery)
	for ctx.Err() == nil {
		db.probe(ctx)
		pg.Pause(ctx, probeEvery)
	}
}

func (db *DB) probe(ctx context.Context) {
	const q = `SELECT ` + canOnlyRead
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()

	readOnly := false
	err := db.reserved.QueryRow(ctx, q).Scan(&readOnly)
	db.health.answers.Store(err == nil)
	db.health.readOnly.Store(readOnly)
	db.health.once.Do(func() { close(db.health.known) })
}

// probeCommit commits something, however long that takes: without its synchronous standby
// PostgreSQL can be read, and no write has an answer.
func (db *DB) probeCommit(ctx context.Context) {
	if db.health.readOnly.Load() {
		return
	}

	db.health.committing.CompareAndSwap(0, time.Now().UnixNano())
	err := db.reserved.Write(ctx, func(conn *pgx.Conn, _ bool) error {
		_, err := conn.Exec(ctx, awaitStandby)
		return err
	})
	if err != nil {
		return
	}

	db.health.committing.Store(0)
}

// Health tells it at once, but for the first question, whose answer it waits for.
func (db *DB) Health(ctx context.Context) Health {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()

	select {
	case <-db.health.known:
	case <-ctx.Done():
	}
	return db.LastHealth()
}

// LastHealth is Health as the last question has shown; without an answer yet, nothing can be done.
func (db *DB) LastHealth() Health {
	p, now := &db.health, time.Now()
	answers := p.answers.Load() && db.OutageEnd() == nil && db.reserved.OutageEnd() == nil
	broken, unwritable := db.serverErrors.current(now)
	since := p.committing.Load()
	waits := since != 0 && now.UnixNano()-since > int64(commitTimeout)
	return Health{
		Answers: answers,
		Broken:  broken,
		Writes:  answers && !unwritable && !waits && !p.readOnly.Load(),
	}
}
