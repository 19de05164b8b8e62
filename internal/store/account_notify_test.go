// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"thalamus/internal/testdb"
)

// ear notes what it is told.
type ear struct {
	changed chan string
	heard   chan time.Time
	deaf    chan struct{}
}

func (e ear) Changed(id string)        { e.changed <- id }
func (e ear) Confirmed(asOf time.Time) { e.heard <- asOf }
func (e ear) Disconnected()            { e.deaf <- struct{}{} }

// soon receives what must come.
func soon[T any](t *testing.T, from <-chan T) (what T) {
	t.Helper()
	select {
	case what = <-from:
	case <-time.After(time.Minute):
		t.Fatal("nothing came within a minute")
	}
	return what
}

// watch watches a database until the test ends.
func watch(t *testing.T, db *testdb.DB, e ear, lost chan<- error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { db.WatchAccounts(ctx, e, func(err error) { lost <- err }) })
	t.Cleanup(func() {
		cancel()
		watching.Wait()
	})
}

// listen watches a database, and returns when it hears.
func listen(t *testing.T, db *testdb.DB) (e ear, lost chan error) {
	t.Helper()
	e, lost = ear{make(chan string, 100), make(chan time.Time, 100), make(chan struct{}, 100)}, make(chan error, 100)
	watch(t, db, e, lost)
	if id := soon(t, e.changed); id != "" {
		t.Fatalf("the first thing told is %q, not that everything may have changed", id)
	}
	soon(t, e.heard)
	return e, lost
}

func TestChangesOfAccountsAreToldWhoeverWrites(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"password": "h", "roles": ["end_user"]}'), ('B', '{"password": "h"}'), ('C', '{}')`)
	e, _ := listen(t, db)
	for _, c := range []struct{ sql, told string }{
		{`UPDATE people SET data = data || '{"password": "i"}' WHERE id = 'A'`, "A"},
		{`UPDATE people SET data = data || '{"roles": ["root"]}' WHERE id = 'A'`, "A"},
		{`UPDATE people SET data = data - 'roles' WHERE id = 'A'`, "A"},
		{`UPDATE people SET data = data || '{"active": false}' WHERE id = 'A'`, "A"},
		{`UPDATE people SET data = NULL WHERE id = 'A'`, "A"},
		{`DELETE FROM people WHERE id = 'B'`, "B"},
		{`TRUNCATE people CASCADE`, ""},
	} {
		t.Run(c.sql, func(t *testing.T) {
			db.Exec(c.sql)
			if told := soon(t, e.changed); told != c.told {
				t.Errorf("%s told of %q, want %q", c.sql, told, c.told)
			}
		})
	}
}

// A notification makes commits wait for each other: only what matters sends one.
func TestOtherChangesAreNotTold(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ('A', '{"password": "h"}'), ('C', '{}'), ('L', '[1]'), ('N', NULL)`)
	e, _ := listen(t, db)
	db.Exec(`UPDATE people SET data = data || '{"name": "Ana", "password": "h"}' WHERE id = 'A'`)
	db.Exec(`UPDATE people SET data = data || '{"roles": ["end_user"]}' WHERE id = 'C'`)
	db.Exec(`UPDATE people SET data = '{}' WHERE id IN ('L', 'N')`)
	db.Exec(`DELETE FROM people WHERE id = 'C'`)
	db.Exec(`INSERT INTO people (id, data) VALUES ('D', '{"password": "h"}')`)
	db.Exec(`UPDATE people SET data = data || '{"password": "last"}' WHERE id = 'A'`)
	if told := soon(t, e.changed); told != "A" || len(e.changed) != 0 {
		t.Errorf("told of %q and %d more", told, len(e.changed))
	}
}

func TestAnIDThatIsTooLongForANotificationTellsOfAll(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.Exec(`INSERT INTO people (id, data) VALUES ($1, '{"password": "h"}')`, strings.Repeat("x", 2000)+strings.Repeat("y", 2500))
	e, _ := listen(t, db)
	db.Exec(`UPDATE people SET data = '{}'`)
	if told := soon(t, e.changed); told != "" {
		t.Errorf("told of %.20q", told)
	}
}

func TestTheWatchProvesItselfAgainAndAgain(t *testing.T) {
	t.Parallel()
	e, _ := listen(t, testdb.New(t))
	first := soon(t, e.heard)
	if second := soon(t, e.heard); !second.After(first) {
		t.Errorf("heartbeats of %v and %v", first, second)
	}
}

func TestALostConnectionIsMadeAnewAndEverythingMayHaveChanged(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	e, lost := listen(t, db)
	db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN thalamus_account%'`)
	soon(t, e.deaf) // first of all
	if err := soon(t, lost); err == nil {
		t.Error("it is not said why")
	}
	if told := soon(t, e.changed); told != "" {
		t.Errorf("told of %q", told)
	}
	soon(t, e.heard)
}
