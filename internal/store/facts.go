// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"
)

// ourTables are in the schema of the records, and kept by thalamus migrate.
const ourTables = `(schemaname = current_schema() AND (tablename = ANY ($1) OR tablename LIKE 'thalamus\_%'))`

// Facts are what PostgreSQL says of itself and of its user.
type Facts struct {
	Version   string    // as in 16.4
	Clock     time.Time // of its machine
	Standby   bool      // it follows another one, and takes no writes
	User      string    // of this database
	Superuser bool      // that user
	Owners    []string  // of the tables; several of them cannot be migrated
}

// Facts asks for them.
func (db *DB) Facts(ctx context.Context) (f Facts, err error) {
	const q = `SELECT current_setting('server_version'), clock_timestamp(), pg_is_in_recovery(), current_user::text,
		(SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
		ARRAY(SELECT DISTINCT tableowner::text FROM pg_tables WHERE ` + ourTables + ` ORDER BY 1)`
	err = db.pool.QueryRow(ctx, q, tables()).Scan(&f.Version, &f.Clock, &f.Standby, &f.User, &f.Superuser, &f.Owners)
	return f, classify(err)
}

// Connections are how many sessions there are room for, and how many are wanted.
type Connections struct {
	Most      int // that this database user can have, if nobody else has any
	Instances int // servers of ours that run
	Each      int // that one of them has at most
}

// Connections counts them. Servers with other settings than this program count as if they had
// its own, and those of other database users are seen with the rights of pg_read_all_stats only.
// Others are known by the connection that listens; this one may still have to make it.
func (db *DB) Connections(ctx context.Context) (c Connections, err error) {
	const q = `SELECT least(
		current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
			- COALESCE(current_setting('reserved_connections', true)::int, 0),
		(SELECT NULLIF(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
		(SELECT NULLIF(datconnlimit, -1) FROM pg_database WHERE datname = current_database())),
		(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN ` + accountChannel + `;%' AND query <> $1)`

	own, _ := db.listens.Load().(string)
	err = db.pool.QueryRow(ctx, q, own).Scan(&c.Most, &c.Instances)
	if db.watching.Load() {
		c.Instances++
	}
	c.Each = int(db.pool.Config().MaxConns+db.reserved.Config().MaxConns) + listeners
	return c, classify(err)
}

// Archive is how PostgreSQL comes along with archiving its log (WAL).
type Archive struct {
	On                      bool
	Archived, Failed, Since *time.Time // the last file; the last attempt that failed; since when these are counted
	Clock                   time.Time
}

// Archive asks for it.
func (db *DB) Archive(ctx context.Context) (a Archive, err error) {
	const q = `SELECT current_setting('archive_mode') <> 'off', last_archived_time, last_failed_time, stats_reset, clock_timestamp() FROM pg_stat_archiver`
	err = db.pool.QueryRow(ctx, q).Scan(&a.On, &a.Archived, &a.Failed, &a.Since, &a.Clock)
	return a, classify(err)
}

// Unpublished gives the time of the oldest change that the feed has not got yet; nil if it has all.
func (db *DB) Unpublished(ctx context.Context) (since *time.Time, err error) {
	const q = `SELECT (SELECT c.time FROM thalamus_changes AS c WHERE c.seq > f.high ORDER BY c.seq LIMIT 1) FROM thalamus_feed_state AS f`
	err = db.pool.QueryRow(ctx, q).Scan(&since)
	return since, classify(err)
}
