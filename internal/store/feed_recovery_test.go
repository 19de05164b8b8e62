// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !quick

package store_test

import (
	"testing"

	"thalamus/internal/testdb"
	"thalamus/internal/testdir"
)

// Changes that a standby had not received yet, or that came after a backup, are lost with
// their positions. These are given again, as others.
func TestAfterARecoveryLostPositionsAreGivenAgainAsOthers(t *testing.T) {
	t.Parallel()
	for name, recovered := range map[string]func(t *testing.T, primary *testdb.DB, dir string, lose func()) string{
		"promoted standby": promotedStandby,
		"older backup":     olderBackup,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := testdir.New(t)
			primary := testdb.At(t, startCluster(t, dir).URL("postgres"))
			if _, err := primary.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			beforeTheLoss(t, primary)
			kept := primary.Text(feedCursors, 3)
			var lost string
			url := recovered(t, primary, dir, func() {
				primary.Exec(`INSERT INTO dus VALUES ('lost', '{}')`)
				primary.Exec(`UPDATE dus SET data = '{"n": "lost"}' WHERE id = 'a'`)
				wantText(t, feedLog(t, primary.URL, 3), nil, "lost1 a2")
				lost = primary.Text(`SELECT concat_ws(' ', position, tag) FROM thalamus_feed WHERE position = 5`)
			})
			afterTheLoss(t, url, "")
			wantText(t, testdb.Text(t, url, feedCursors, 3), nil, kept)
			if got := testdb.Text(t, url, `SELECT concat_ws(' ', position, tag) FROM thalamus_feed WHERE position = 5`); got == lost {
				t.Errorf("position and tag %s were given twice", got)
			}
		})
	}
}

// promotedStandby starts a standby, cuts it off before something is written, and promotes it.
func promotedStandby(t *testing.T, primary *testdb.DB, dir string, lose func()) string {
	t.Helper()
	copied := testdb.Copy(t, primary.URL, dir, "--write-recovery-conf")
	url := startCluster(t, copied).URL("postgres")
	standby := testdb.Connect(t, url)
	awaitTrue(t, standby, `SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn`, primary.Text(`SELECT pg_current_wal_lsn()::text`))
	for _, sql := range []string{`ALTER SYSTEM SET primary_conninfo = ''`, `SELECT pg_reload_conf()`} {
		if _, err := standby.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	awaitTrue(t, standby, `SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver) AND current_setting('primary_conninfo') = ''`)
	lose()
	if _, err := standby.Exec(t.Context(), `SELECT thalamus_publish()`); err != nil {
		t.Errorf("publishing where nothing can be written and nothing is to be: %v", err)
	}
	hub := testdb.At(t, url)
	watchHealth(t, hub)
	awaitHealth(t, hub, readable)
	if err := hub.CheckListening(t.Context()); err != nil {
		t.Errorf("a server at a standby is told %v", err)
	}
	awaitTrue(t, standby, `SELECT pg_promote()`)
	return url
}

// olderBackup starts from a backup that was made before something was written.
func olderBackup(t *testing.T, primary *testdb.DB, dir string, lose func()) string {
	t.Helper()
	copied := testdb.Copy(t, primary.URL, dir)
	lose()
	return startCluster(t, copied).URL("postgres")
}
