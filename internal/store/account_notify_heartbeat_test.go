// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"testing"
	"time"

	"thalamus/internal/testdb"
	"thalamus/internal/testdir"
)

// A heartbeat that comes late proves nothing of the time between. It waits here
// for a commit that notifies, too, and that waits for a standby which there is not.
func TestAHeartbeatProvesNoTimeAfterItWasSent(t *testing.T) {
	t.Parallel()
	db := testdb.At(t, startSafe(t, testdir.New(t)))
	_, err := db.Migrate(t.Context())
	must(t, err)
	e, _ := listen(t, db)
	db.Exec(`ALTER SYSTEM SET synchronous_standby_names = 'nobody'`)
	db.Exec(`SELECT pg_reload_conf()`)
	watching, slow, done := testdb.Connect(t, db.URL), testdb.Connect(t, db.URL), make(chan error)
	awaitTrue(t, watching, `SELECT current_setting('synchronous_standby_names') = 'nobody'`)
	go func() {
		_, err := slow.Exec(t.Context(), `INSERT INTO dus (id) VALUES ('u'); NOTIFY something`)
		done <- err
	}()
	awaitTrue(t, watching, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%pg_notify%')`)
	for len(e.heard) > 0 {
		<-e.heard
	}
	asked := time.Now()
	db.Exec(`ALTER SYSTEM RESET synchronous_standby_names`)
	db.Exec(`SELECT pg_reload_conf()`)
	must(t, soon(t, done))
	if proven := soon(t, e.heard); proven.After(asked) {
		t.Errorf("it proves the time up to %v after the question", proven.Sub(asked))
	}
}
