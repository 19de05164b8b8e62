// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"strings"
	"testing"
	"time"

	"thalamus/internal/store"
	"thalamus/internal/testdb"
)

// failover is a primary that ends, and two standbys of it: the first becomes the primary, though only the second has
// the last that was written.
type failover struct {
	*reading
	second *testdb.Cluster
}

func newFailover(t *testing.T) *failover {
	t.Helper()
	f := &failover{reading: &reading{replicated: newReplicated(t), told: make(chan store.ReplicaUse, 100)}}
	f.second = f.at.Standby()
	return f
}

// happen lets it happen.
func (f *failover) happen() {
	f.t.Helper()
	f.behind.AwaitReplay(f.at)
	testdb.Exec(f.t, f.behind.Location(), `ALTER SYSTEM SET primary_conninfo = ''`)
	testdb.Exec(f.t, f.behind.Location(), `SELECT pg_reload_conf()`)
	f.await("the first standby hears nothing more", func() bool {
		return testdb.Text(f.t, f.behind.Location(), `SELECT count(*)::text FROM pg_stat_wal_receiver`) == "0"
	})

	testdb.Exec(f.t, f.at.Location(), `INSERT INTO dus (id, data) SELECT 'lost' || n, '{}' FROM generate_series(1, 1000) AS n`)
	f.second.AwaitReplay(f.at)
	f.at.Kill()
	f.behind.Promote()
}

// overtake has the new primary write until it is further than the second standby.
func (f *failover) overtake() {
	f.t.Helper()
	replayed := testdb.Text(f.t, f.second.Location(), `SELECT pg_last_wal_replay_lsn()::text`)
	for testdb.Text(f.t, f.behind.Location(), `SELECT (pg_current_wal_insert_lsn() <= '`+replayed+`')::text`) == "true" {
		testdb.Exec(f.t, f.behind.Location(), `INSERT INTO institutions (id, data) SELECT gen_random_uuid(), '{}' FROM generate_series(1, 1000)`)
	}
}

// A server that hears of the failover from its connections.
func TestAfterAFailoverAReplicaThatIsAheadIsNotRead(t *testing.T) {
	t.Parallel()
	f := newFailover(t)
	f.open(bothHosts(t, f.at.Location(), f.behind.Location()), f.second.Location(), time.Hour)
	f.await("the second standby is read", func() bool { return f.db.Replicas().Choose("A") == 1 })
	f.happen()
	f.await("it is left out", func() bool { return f.db.Replicas().Choose("A") == 0 })
	f.overtake()
	for range 3 {
		f.awaitQuestion()
		if f.db.Replicas().Choose("A") != 0 || f.has("lost1", "A") {
			t.Error("what is lost is read")
		}
	}
}

// awaitQuestion waits until the second standby is asked again how far it is.
func (f *failover) awaitQuestion() {
	f.t.Helper()
	conn := testdb.Connect(f.t, f.second.Location())
	last := func() (at time.Time) {
		const q = `SELECT max(query_start) FROM pg_stat_activity WHERE query LIKE '%pg_last_wal_replay_lsn%' AND pid <> pg_backend_pid()`
		must(f.t, conn.QueryRow(f.t.Context(), q).Scan(&at))
		return at
	}
	before := last()
	f.await("the standby is asked again", func() bool { return last().After(before) })
}

// A command that asks once before, and once behind it.
func TestAReplicaThatIsAheadStaysLeftOutWhenThePrimaryHasComeFurther(t *testing.T) {
	t.Parallel()
	f := newFailover(t)
	asking := func(primary string) *store.Replicas {
		db, err := store.New(store.Options{URL: primary, ReadURL: f.second.Location(), ReadLag: time.Hour, MaxConns: 4})
		must(t, err)
		t.Cleanup(db.Close)
		return db.Replicas()
	}
	during := asking(bothHosts(t, f.at.Location(), f.behind.Location()))
	wantReason(t, during, "")

	f.happen()
	wantReason(t, asking(f.behind.Location()), "it has what the primary has not")
	f.overtake()
	wantReason(t, asking(f.behind.Location()), "behind")
	wantReason(t, during, "behind")
}

// wantReason wants the only replica left out for a reason, or read for none.
func wantReason(t *testing.T, replicas *store.Replicas, want string) {
	t.Helper()
	each, err := replicas.Ask(t.Context())
	must(t, err)
	got := ""
	if each[0].Reason != nil {
		got = each[0].Reason.Error()
	}
	if !strings.Contains(got, want) || want == "" && got != "" {
		t.Errorf("of the replica is said %q, not %q", got, want)
	}
}
