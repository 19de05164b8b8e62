// SPDX-License-Identifier: GPL-3.0-or-later

package store_test

import (
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// pooled opens a database behind a pgbouncer.
func pooled(t *testing.T, db *testdb.DB, mode string) *testdb.DB {
	t.Helper()
	return testdb.At(t, db.Pooled(mode))
}

func TestBehindAPoolerInSessionModeEverythingWorks(t *testing.T) {
	t.Parallel()
	direct := testdb.New(t)
	db := pooled(t, direct, "session")
	must(t, db.CheckListening(t.Context()))
	must(t, db.Check(t.Context()))
	e, _ := listen(t, db)
	_, _, err := db.CreatePerson(t.Context(), doctor, "A", fed.Record(`{"id": "A", "password": "h"}`), nothing)
	must(t, err)
	for _, change := range []string{"through the pooler", "directly"} {
		if change == "directly" {
			direct.Exec(`UPDATE people SET data = data || '{"password": "j"}'`)
		} else {
			db.Exec(`UPDATE people SET data = data || '{"password": "i"}'`)
		}
		if told := soon(t, e.changed); told != "A" {
			t.Errorf("a change %s told of %q", change, told)
		}
	}
	soon(t, e.heard)
	wantText(t, testdb.Text(t, direct.URL, `SELECT string_agg(DISTINCT application_name, ' ') FROM pg_stat_activity WHERE query LIKE 'LISTEN thalamus_account%'`), nil, "thalamus")
	wantText(t, feedLog(t, direct.URL, 0), nil, "A1")
	page, err := db.For(fed.Operator).Changes(t.Context(), store.FeedQuery{Limit: 10, All: everything})
	if len(page.Changes) != 1 || err != nil {
		t.Errorf("%d changes, %v", len(page.Changes), err)
	}
}

func TestAPoolerThatGivesConnectionsAwayIsRefused(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	for _, mode := range []string{"transaction", "statement"} {
		err := pooled(t, db, mode).CheckListening(t.Context())
		if err == nil || !strings.Contains(err.Error(), "pool_mode = session") {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

// Should it become so later: what was remembered is not trusted.
func TestAWatchThatHearsNothingIsGivenUp(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	e := ear{make(chan string, 100), make(chan time.Time, 100), make(chan struct{}, 100)}
	lost := make(chan error, 100)
	watch(t, pooled(t, db, "transaction"), e, lost)
	soon(t, e.changed)
	soon(t, e.deaf)
	if err := soon(t, lost); err == nil || !strings.Contains(err.Error(), "pool_mode = session") {
		t.Errorf("got %v", err)
	}
	if len(e.heard) != 0 {
		t.Error("it claims to have heard")
	}
}
