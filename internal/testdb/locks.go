// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"context"
	"time"
)

// Hold runs SQL in a transaction that stays open, with its locks, until end is
// called with COMMIT or ROLLBACK.
func (db *DB) Hold(sql string, args ...any) (end func(how string)) {
	db.t.Helper()
	conn := Connect(db.t, db.URL)
	for _, step := range []struct {
		sql  string
		args []any
	}{{"BEGIN", nil}, {sql, args}} {
		if _, err := conn.Exec(db.t.Context(), step.sql, step.args...); err != nil {
			db.t.Fatalf("%.200s: %v", step.sql, err)
		}
	}
	return func(how string) {
		db.t.Helper()
		if _, err := conn.Exec(context.Background(), how); err != nil {
			db.t.Fatal(err)
		}
	}
}

// patience is when AwaitWaiting gives up on what will never happen.
const patience = time.Minute

// AwaitWaiting returns when exactly n statements on this database wait for locks.
func (db *DB) AwaitWaiting(n int) {
	db.t.Helper()
	const q = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
	ctx, cancel := context.WithTimeout(db.t.Context(), patience)
	defer cancel()
	conn := Connect(db.t, db.URL)
	for waiting := -1; waiting != n; {
		if err := conn.QueryRow(ctx, q).Scan(&waiting); err != nil {
			db.t.Fatalf("%d statements wait for locks, not %d: %v", waiting, n, err)
		}
	}
}
