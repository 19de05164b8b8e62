// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Observe has a tracer told of every statement from now on, but for those of the
// publisher and of listeners.
func (db *DB) Observe(ctx context.Context, tracer pgx.QueryTracer) (err error) {
	config := db.pool.Config()
	config.ConnConfig.Tracer = tracer
	db.pool.Close()
	db.pool, err = pgxpool.NewWithConfig(ctx, config)
	return err
}
