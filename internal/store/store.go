// SPDX-License-Identifier: GPL-3.0-or-later

// Package store keeps the federation's records in PostgreSQL. All SQL of the
// project is here and in migrations. Records pass through as raw JSON text;
// PostgreSQL merges, compares and redacts them.
//
// Files begin with their topic: person_, page_, document_ and account_ for records,
// list_ for lists that are read piece by piece behind a keyset, feed_ for publishing and
// reading the change feed, search_ for persons by name, match_ and duplicates_ for
// candidates and blocking, access_ for the index of the access record, bulk_ for import and export. Reads by id are batched in
// batcher.go; create, merge and delete are the ways to write.
package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"thalamus/internal/fed"
	"thalamus/internal/match"
	"thalamus/internal/pg"
)

// reservedConns are connections besides MaxConns: for the publisher, and for what watches and copies.
const reservedConns = 5

// minVersion is the first PostgreSQL version that this server works with.
const minVersion = 140000

// Options says how to reach the database and what it may be asked to keep.
type Options struct {
	URL         string        // postgres://..., or empty for the PG* variables
	MaxConns    int           // 0: four per core, at least 8; reservedConns come on top
	LockTimeout time.Duration // for each wait for another's lock; 0: any time

	// Limits of a merged record.
	MaxRecord   int64 // bytes, written out
	MaxElements int   // keys and array elements

	Emergency time.Duration // for how long a book is opened in one; 0: half an hour
	Silent    bool          // nobody is told that something is withheld

	ReadURL string        // of standbys that answer readers; "": none
	ReadLag time.Duration // how far behind they may be

	Outage func(pg.Outage) // told while nobody can be connected to, and of the end; nil: nobody is told
}

// DB is the federation's database. Its methods may be called concurrently, and wait for a
// database that is away until their context ends. Their errors are *fed.Error where the
// meaning is known.
type DB struct {
	pool            *pg.Pool
	primary         *DB       // of a replica; else nil
	replicas        *Replicas // or nil
	reserved        *pg.Pool  // whatever requests wait for: a connection each for the publisher, the heartbeats of WatchAccounts and CopyAccess, two for WatchHealth; Replicas borrows one
	maxRecord       int64
	maxElements     int
	emergency       time.Duration // for how long a book is opened in one
	silent          bool          // nobody is told that something is withheld
	serverErrors    serverErrors
	health          healthState
	personBatcher   batcher[fed.Stored]
	bookBatcher     batcher[shortBook]
	revisionBatcher batcher[Revision]

	writes, lists, feedReaders *lane

	guarded  guardedPersons
	watching atomic.Bool  // WatchAccounts runs
	listens  atomic.Value // string: the statement of its connection, or of its last one

	wordShares  recent[map[string]float64]
	frequencies recent[*match.Frequencies]
}

// Open is New for callers that do not wait for the database: it fails if PostgreSQL is too old,
// or is not there.
func Open(ctx context.Context, o Options) (*DB, error) {
	db, err := New(o)
	if err != nil {
		return nil, err
	}
	if err := db.CheckVersion(ctx); err != nil {
		db.Close()
		return nil, err
	}

	return db, nil
}

// New makes a DB without connecting. The caller closes it.
func New(o Options) (*DB, error) {
	config, err := poolConfig(o)
	if err != nil {
		return nil, err
	}

	db := &DB{maxRecord: o.MaxRecord, maxElements: o.MaxElements, emergency: cmp.Or(o.Emergency, usualEmergency), silent: o.Silent}
	config.ConnConfig.OnPgError = db.keepConnection
	settings := takeSettings(config.ConnConfig)
	config.ConnConfig.AfterConnect = prepare(settings + `SET lock_timeout = ` + strconv.FormatInt(o.LockTimeout.Milliseconds(), 10))

	db.pool, err = pg.New(config, o.Outage)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}

	db.prepareReading(int(config.MaxConns))
	db.health.known = make(chan struct{})

	config.MaxConns = reservedConns
	config.ConnConfig.AfterConnect = prepare(settings)

	db.reserved, err = pg.New(config, nil)
	if err != nil {
		db.pool.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}

	if o.ReadURL == "" {
		return db, nil
	}

	db.replicas, err = newReplicas(db, o)
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// poolConfig says how connections are made.
func poolConfig(o Options) (*pgxpool.Config, error) {
	const unsaid, usual = 2 * time.Minute, 2 * time.Second    // connect_timeout: pgx's, and ours
	const unsaidIdle, maxIdle = 30 * time.Minute, time.Minute // pool_max_conn_idle_time: the same
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, errors.New("the database URL cannot be read; write postgres://user:password@host/database")
	}

	config.MaxConns = int32(o.MaxConns)
	if o.MaxConns == 0 {
		config.MaxConns = int32(max(8, 4*runtime.GOMAXPROCS(0)))
	}

	if config.MaxConnIdleTime == unsaidIdle {
		config.MaxConnIdleTime, config.HealthCheckPeriod = maxIdle, maxIdle/4
	}

	if config.ConnConfig.ConnectTimeout == unsaid {
		config.ConnConfig.ConnectTimeout = usual
	}

	config.ConnConfig.RuntimeParams["application_name"] = "thalamus"
	return config, nil
}

// prepareReading makes the batchers, and the lanes.
func (db *DB) prepareReading(conns int) {
	db.personBatcher.query, db.bookBatcher.query, db.revisionBatcher.query = db.readPersons, db.readShortBooks, db.readPersonRevisions
	db.makeLanes(conns)
}

// makeLanes makes the lanes in front of the connections.
func (db *DB) makeLanes(conns int) {
	db.writes = newLane("writers", max(1, conns/2), db.pool.Ready)
	db.lists = newLane("lists", max(2, conns/4), db.pool.Ready)
	db.feedReaders = newLane("readers of changes", max(1, conns/2), db.pool.Ready)
}

// uselessConnection are the SQLSTATEs after which a connection is of no use: one to a demoted primary would
// refuse every write, and one whose prepared statements are elsewhere every statement.
var uselessConnection = []string{"25006", "26000", "42P05"}

// keepConnection reports whether a connection is of use after the error.
func (db *DB) keepConnection(_ *pgconn.PgConn, err *pgconn.PgError) bool {
	db.serverErrors.note(err.Code, time.Now())
	return err.Severity != "FATAL" && !slices.Contains(uselessConnection, err.Code)
}

// Close waits for running statements and closes every connection.
func (db *DB) Close() {
	db.replicas.close()
	db.pool.Close()
	db.reserved.Close()
	db.personBatcher.runs.Wait()
	db.bookBatcher.runs.Wait()
	db.revisionBatcher.runs.Wait()
	db.health.answers.Store(false)
}

// OutageEnd gives a channel that is closed when the database can be reached again; nil if it can
// be reached now.
func (db *DB) OutageEnd() <-chan struct{} { return db.pool.OutageEnd() }

// CheckVersion connects, and says whether this PostgreSQL is too old.
func (db *DB) CheckVersion(ctx context.Context) error {
	const q = `SELECT current_setting('server_version_num')::int, current_setting('server_version')`
	var number int
	var name string

	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return unreachable(err)
	}
	defer closeConnection(ctx, conn)

	if err := conn.QueryRow(ctx, q, pgx.QueryExecModeSimpleProtocol).Scan(&number, &name); err != nil {
		return unreachable(err)
	}
	if number < minVersion {
		return fmt.Errorf("PostgreSQL %s is too old; version %d or later is needed", name, minVersion/10000)
	}

	return nil
}

// ErrAway is wrapped by errors which say that no database is there now. That may pass.
var ErrAway = errors.New("reach the database")

// unreachable says in one line why there is no database. pgx tells every
// address that it tried on a line of its own.
func unreachable(err error) error {
	first, _, _ := strings.Cut(strings.Replace(err.Error(), "\n\t", " ", 1), "\n")
	if pg.Unreachable(err) {
		return fmt.Errorf("%w: %s; is it running, and is its URL right?", ErrAway, first)
	}
	return fmt.Errorf("reach the database: %s; is its URL right?", first)
}
