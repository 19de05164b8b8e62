// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/pg"
)

// Observe has a tracer told of every statement from now on, but for those of the
// publisher and of listeners.
func (db *DB) Observe(tracer pgx.QueryTracer) (err error) {
	config := db.pool.Config()
	config.ConnConfig.Tracer = tracer
	db.pool.Close()
	db.pool, err = pg.New(config, nil)
	return err
}

// LeaveSilent leaves a server of this name that says nothing.
func (db *DB) LeaveSilent(ctx context.Context, name string) { db.leaveSilentServer(ctx, name) }

// IdleTime is how long an idle connection to a database at url is kept.
func IdleTime(url string) (time.Duration, error) {
	config, err := poolConfig(Options{URL: url})
	if err != nil {
		return 0, err
	}
	return config.MaxConnIdleTime, nil
}

// Guards reports whether there may be statements about a person, as far as is known in memory.
func (db *DB) Guards(person string) bool { return db.guarded.has(person) }
