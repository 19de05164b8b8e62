// SPDX-License-Identifier: GPL-3.0-or-later

package metrics_test

import (
	"fmt"
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testhub"
)

func TestConnectionsAreThoseInUse(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.Do(root, "GET", "/institutions", "").Want(t, 200)
	h.await(`thalamus_database_acquires_total{pool="requests"}`, positive)
	h.await(`thalamus_database_acquires_total{pool="reserved"}`, positive) // of the health
	h.await(`thalamus_database_waits_total{pool="requests"}`, positive)    // the first one was made
	h.await(`thalamus_database_wait_seconds_total{pool="requests"}`, positive)
	h.await(`thalamus_database_connections{pool="requests",state="idle"}`, positive)
	h.want(map[string]float64{`thalamus_database_connections_max{pool="requests"}`: 8, `thalamus_database_connections_max{pool="reserved"}`: 5})
}

func TestWritersThatWaitAreSeenInTheirLane(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	end := h.DB.Hold(`LOCK TABLE pols IN EXCLUSIVE MODE`)
	const writers = 6
	done := make(chan error)
	for i := range writers {
		go func() {
			id := fmt.Sprintf("page-%d", i)
			_, err := testhub.Try(h.Request(root, "POST", "/pols/"+ana[0]+"/"+id, `{"id": "`+id+`"}`))
			done <- err
		}()
	}
	h.want(map[string]float64{
		`thalamus_database_lane_slots{lane="writes"}`: 4, `thalamus_database_lane_used{lane="writes"}`: 4, `thalamus_database_lane_waiting{lane="writes"}`: 2,
		`thalamus_database_lane_slots{lane="lists"}`: 2, `thalamus_database_lane_used{lane="lists"}`: 0, `thalamus_database_lane_waiting{lane="lists"}`: 0,
		`thalamus_database_lane_slots{lane="changes"}`: 4, `thalamus_database_lane_used{lane="changes"}`: 0, `thalamus_database_lane_waiting{lane="changes"}`: 0,
		`thalamus_database_connections{pool="requests",state="used"}`: 4,
	})
	end("ROLLBACK")
	for range writers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	h.want(map[string]float64{`thalamus_database_lane_used{lane="writes"}`: 0, `thalamus_database_lane_waiting{lane="writes"}`: 0})
}

func TestADatabaseThatGoesAndComesBack(t *testing.T) {
	t.Parallel()
	cluster := testdb.NewCluster(t)
	h := serve(t, cluster.New())
	h.want(map[string]float64{"thalamus_database_up": 1, "thalamus_database_writable": 1, "thalamus_database_broken": 0})
	cluster.Stop()
	h.want(map[string]float64{"thalamus_database_up": 0, "thalamus_database_writable": 0})

	waiting := make(chan error)
	go func() {
		_, err := h.parts.DB.CountSessions(t.Context(), testhub.SessionLimits)
		waiting <- err
	}()
	h.want(map[string]float64{"thalamus_http_requests_held": 1})
	cluster.Start()
	h.want(map[string]float64{"thalamus_database_up": 1, "thalamus_database_writable": 1, "thalamus_http_requests_held": 0})
	if err := <-waiting; err != nil {
		t.Error(err)
	}
}

func TestADatabaseThatMayOnlyBeReadIsNotWritable(t *testing.T) {
	t.Parallel()
	db := testdb.NewCluster(t).New()
	h := serve(t, db)
	h.want(map[string]float64{"thalamus_database_writable": 1})
	db.Exec(`ALTER SYSTEM SET default_transaction_read_only = on`)
	db.Text(`SELECT pg_reload_conf()::text`)
	testdb.Await(t, "it answers and is not writable", func() bool {
		shown := h.scrape()
		return shown["thalamus_database_up"] == 1 && shown["thalamus_database_writable"] == 0
	})
}

func TestDamageThatPostgreSQLTellsOfIsShown(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.DB.Exec(`CREATE FUNCTION damaged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'XX001'; END $$;
		CREATE TRIGGER damaged BEFORE INSERT ON dus FOR EACH ROW EXECUTE FUNCTION damaged()`)
	h.Do(root, "POST", "/domiciliary-units/U", "{}").Want(t, 503)
	h.want(map[string]float64{"thalamus_database_broken": 1})
}

func TestSizesAndSessionsAreAskedOfTheDatabase(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.SignIn(ana)
	h.SignIn(cameron)
	h.DB.Exec(`INSERT INTO thalamus_session (key, account, proof, address, agent, seen) SELECT 'old', account, proof, address, agent, now() - interval '1 day' FROM thalamus_session LIMIT 1`)
	h.DB.Exec(`SELECT thalamus_access_copy('f', 0, 1, false, '[{"time": "2026-05-31T00:00:00Z", "account": "A", "roles": [], "method": "GET", "endpoint": "person",
		"everybody": false, "status": 200}]')`)
	h.DB.Exec(`ANALYZE`)
	if _, ok := h.scrape()["thalamus_database_bytes"]; ok {
		t.Error("the size is known before anybody has asked")
	}

	h.start()
	h.want(map[string]float64{"thalamus_portal_sessions": 2, `thalamus_table_rows{table="thalamus_access"}`: 1})
	h.await("thalamus_database_bytes", func(bytes float64) bool { return bytes > 1<<20 })
	for _, table := range []string{"people", "pols", "personal_docs", "institutions", "thalamus_changes"} {
		h.await(`thalamus_table_rows{table="`+table+`"}`, positive)
	}
	for _, table := range []string{"people", "pols", "personal_docs", "dus", "institutions", "thalamus_changes", "thalamus_feed", "thalamus_access"} {
		h.await(`thalamus_table_bytes{table="`+table+`"}`, positive)
	}
}
