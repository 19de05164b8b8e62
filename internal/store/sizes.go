// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// TableSize is about how large a table is, with its indexes.
type TableSize struct {
	Table       string
	Rows, Bytes int64 // Rows as of PostgreSQL's last look (ANALYZE)
}

// sized are the tables that grow.
var sized = []string{"people", "pols", "personal_docs", "dus", "institutions", "thalamus_changes", "thalamus_feed", "thalamus_access"}

// Sizes gives the sizes of the tables that grow. It reads none of them.
func (db *DB) Sizes(ctx context.Context) ([]TableSize, error) {
	const q = `SELECT root.relname::text, sum(greatest(part.reltuples, 0))::bigint, sum(pg_total_relation_size(part.oid))::bigint
		FROM pg_class AS root JOIN pg_class AS part ON part.oid = root.oid
			OR part.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = root.oid)
		WHERE root.relnamespace = current_schema()::regnamespace AND root.relname = ANY ($1) AND part.relkind = 'r'
		GROUP BY 1 ORDER BY 1`
	rows, _ := db.pool.Query(ctx, q, sized)
	sizes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[TableSize])
	return sizes, classify(err)
}

// DatabaseBytes gives the size of the whole database on its disk.
func (db *DB) DatabaseBytes(ctx context.Context) (bytes int64, err error) {
	const q = `SELECT pg_database_size(current_database())`
	err = db.pool.QueryRow(ctx, q).Scan(&bytes)
	return bytes, classify(err)
}

// CountSessions counts the sessions of the portal that are in time.
func (db *DB) CountSessions(ctx context.Context, limits SessionLimits) (count int64, err error) {
	const q = `SELECT count(*) FROM thalamus_session WHERE seen > now() - $1::interval AND begun > now() - $2::interval`
	err = db.pool.QueryRow(ctx, q, limits.Idle, limits.Longest).Scan(&count)
	return count, classify(err)
}
