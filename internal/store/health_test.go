// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// watchHealth watches it until the test ends.
func watchHealth(t *testing.T, db *testdb.DB) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { db.WatchHealth(ctx) })
	t.Cleanup(func() {
		cancel()
		watching.Wait()
	})
}

// awaitHealth returns when the database is like that.
func awaitHealth(t *testing.T, db *testdb.DB, want store.Health) {
	t.Helper()
	testdb.Await(t, fmt.Sprintf("the database's health is %+v", want), func() bool { return db.Health(t.Context()) == want })
}

var (
	well     = store.Health{Answers: true, Writes: true}
	readable = store.Health{Answers: true}
)

func TestHealthIsThatOfADatabaseThatComesAndGoes(t *testing.T) {
	t.Parallel()
	cluster := testdb.NewCluster(t)
	db := cluster.New()
	watchHealth(t, db)
	if got := db.Health(t.Context()); got != well {
		t.Errorf("at first it is %+v", got)
	}
	cluster.Stop()
	awaitHealth(t, db, store.Health{})
	cluster.Start()
	awaitHealth(t, db, well)
	db.Close()
	if db.Health(t.Context()).Answers {
		t.Error("it answers although it is closed")
	}
}

// Nobody answers, and no connection ends.
func TestASilentDatabaseIsNotSaidToAnswer(t *testing.T) {
	t.Parallel()
	db := testdb.NewCluster(t).New()
	watchHealth(t, db)
	awaitHealth(t, db, well)
	thaw := freeze(t, db)
	awaitHealth(t, db, store.Health{})
	thaw()
	awaitHealth(t, db, well)
}

// freeze stops the processes of a server that is the test's own.
func freeze(t *testing.T, db *testdb.DB) (thaw func()) {
	t.Helper()
	var pids []int
	for pid := range strings.FieldsSeq(db.Text(`SELECT string_agg(pid::text, ' ') || ' ' || split_part(pg_read_file('postmaster.pid'), chr(10), 1)
		FROM pg_stat_activity WHERE application_name = 'thalamus'`)) {
		n, err := strconv.Atoi(pid)
		must(t, err)
		pids = append(pids, n)
	}
	all := func(signal syscall.Signal) {
		for _, pid := range pids {
			_ = syscall.Kill(pid, signal) // one may have ended
		}
	}
	all(syscall.SIGSTOP)
	t.Cleanup(func() { all(syscall.SIGCONT) })
	return func() { all(syscall.SIGCONT) }
}

func TestADatabaseInWhichNothingCanBeWrittenIsReadable(t *testing.T) {
	t.Parallel()
	cluster := testdb.NewCluster(t)
	cluster.New().Exec(`ALTER DATABASE postgres SET synchronous_commit = on`)
	db := cluster.New()
	watchHealth(t, db)
	set := func(what string) {
		for _, statement := range []string{`ALTER SYSTEM ` + what, `SELECT pg_reload_conf()`} {
			testdb.Exec(t, db.URL+"&default_transaction_read_only=off", statement)
		}
	}
	for _, cause := range []string{"default_transaction_read_only = on", "synchronous_standby_names = 'nobody'"} {
		set("SET " + cause)
		awaitHealth(t, db, readable)
		set("RESET ALL")
		awaitHealth(t, db, well)
	}
}
