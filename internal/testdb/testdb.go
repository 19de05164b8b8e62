// SPDX-License-Identifier: GPL-3.0-or-later

// Package testdb gives each test a real PostgreSQL database of its own. The
// databases of one test binary live in one private cluster, which fails the
// tests when it cannot be started: nothing is skipped.
package testdb

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/localpg"
	"thalamus/internal/store"
	"thalamus/internal/testdir"
)

// The limits of a record in test databases.
const (
	MaxRecord   = 8 << 20 // bytes
	MaxElements = 10_000  // keys and array elements
)

// longest is how long a statement may take, so that a test that would wait for ever
// fails.
const longest = "2min"

// The databases that others are cloned from: without tables, and migrated.
const (
	bare     = "template1"
	template = "thalamus_template"
)

var (
	cluster *localpg.Server
	admin   *pool // of the cluster's own database, where the others are made and dropped
	names   atomic.Int64
)

// Main runs the tests of a package on a private cluster: func TestMain(m
// *testing.M) { testdb.Main(m) }.
func Main(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dirs, err := testdir.Begin()
	if err != nil {
		return report(err)
	}
	defer dirs.End()

	cluster, err = localpg.Start(context.Background(), localpg.Options{Dir: dirs.Cluster(), Unsafe: true, Keep: Keep()})
	if err != nil {
		return report(err)
	}
	defer func() { _ = cluster.Stop() }()

	admin = &pool{url: cluster.URL("postgres")}
	defer admin.close()

	err = admin.exec(context.Background(), "ALTER ROLE ALL SET statement_timeout = '"+longest+"'")
	if err != nil {
		return report(err)
	}
	if Schema != "public" {
		err = renameSchema(context.Background())
		if err != nil {
			return report(err)
		}
	}
	admin.close() // that is set for sessions that begin now

	err = admin.exec(context.Background(), "CREATE ROLE "+server+" LOGIN")
	if err != nil {
		return report(err)
	}
	return m.Run()
}

// Keep is localpg's for tests: a directory with the new cluster that all test binaries begin with, those of
// later runs too. It is in the user's cache, and may be removed. "" where there is no cache.
func Keep() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "thalamus-test")
}

func report(err error) int {
	fmt.Fprintln(os.Stderr, "tests need a PostgreSQL:", err)
	return 1
}

// DB is a migrated database that one test has for itself.
type DB struct {
	*store.DB
	URL string

	t     testing.TB
	conns *pool
}

// New makes a migrated database.
func New(t testing.TB) *DB {
	t.Helper()
	return At(t, create(t, migrated(t)))
}

// At opens the database at url, migrated or not. It is closed with the test.
func At(t testing.TB, url string) *DB {
	t.Helper()
	db := handle(t, url)
	db.DB = open(t, url)
	return db
}

// handle gives the database at url without a store.
func handle(t testing.TB, url string) *DB {
	conns := &pool{url: url}
	t.Cleanup(conns.close)
	return &DB{URL: url, t: t, conns: conns}
}

// Empty makes a database without tables and gives its URL.
func Empty(t testing.TB) string {
	t.Helper()
	return create(t, bare)
}

// open gives a store that is closed with the test. It connects when it is used: to look at the
// version of PostgreSQL would be a process more for each test.
func open(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.New(store.Options{URL: url, MaxRecord: MaxRecord, MaxElements: MaxElements, MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// migrated gives the name of the migrated template.
func migrated(t testing.TB) string {
	t.Helper()
	err := makeTemplate()
	if err != nil {
		t.Fatal("template database: ", err)
	}
	return template
}

// makeTemplate migrates the database that the others are cloned from.
var makeTemplate = sync.OnceValue(func() error {
	ctx := context.Background()
	err := admin.exec(ctx, "CREATE DATABASE "+template)
	if err != nil {
		return err
	}

	if partitioned {
		err = partition(ctx, template)
		if err != nil {
			return err
		}
	}

	db, err := store.Open(ctx, store.Options{URL: cluster.URL(template)})
	if err != nil {
		return err
	}
	defer db.Close()

	_, err = db.Migrate(ctx)
	return err
})

// Filled is a template of databases that hold records from the start. It is filled once for a
// whole test binary.
type Filled struct {
	Name  string // of the template database
	Empty bool   // without tables before it is filled
	Fill  func(db *DB)

	once sync.Once
}

// New makes a database with the template's records.
func (f *Filled) New(t testing.TB) *DB {
	t.Helper()
	return At(t, f.URL(t))
}

// Served is New with the store of a server's user, who owns nothing and has the rights that the
// manual tells to grant. SQL of tests stays the owner's.
func (f *Filled) Served(t testing.TB) *DB {
	t.Helper()
	db := handle(t, f.URL(t))
	db.DB = open(t, as(db.URL, server))
	return db
}

// URL is New for those who need no store of their own.
func (f *Filled) URL(t testing.TB) string {
	t.Helper()
	f.once.Do(func() { f.make(t) })
	return create(t, f.Name)
}

// make fills the template, and ends all connections to it: it could not be cloned.
func (f *Filled) make(t testing.TB) {
	t.Helper()
	from := bare
	if !f.Empty {
		from = migrated(t)
	}
	err := admin.exec(t.Context(), "CREATE DATABASE "+f.Name+" TEMPLATE "+from+copyByFiles())
	if err != nil {
		t.Fatal(err)
	}

	db := handle(t, cluster.URL(f.Name))
	f.Fill(db)
	if !f.Empty {
		db.grant()
	}
	err = admin.exec(t.Context(), `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1`, f.Name)
	if err != nil {
		t.Fatal(err)
	}
}

func create(t testing.TB, from string) (url string) {
	t.Helper()
	name := fmt.Sprintf("test_%d", names.Add(1))
	err := admin.exec(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+from+copyByFiles())
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		err := admin.exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)")
		if err != nil {
			t.Error(err)
		}
	})
	return cluster.URL(name)
}

// copyByFiles is the fast way to clone; PostgreSQL 14 knows no other.
var copyByFiles = sync.OnceValue(func() string {
	var version string
	err := admin.with(context.Background(), func(conn *pgx.Conn) error {
		version = conn.PgConn().ParameterStatus("server_version")
		return nil
	})
	if err != nil || strings.HasPrefix(version, "14") {
		return ""
	}
	return " STRATEGY FILE_COPY"
})
