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
	_, err := conn.Exec(db.t.Context(), "BEGIN")
	if err != nil {
		db.t.Fatal(err)
	}
	_, err = conn.Exec(db.t.Context(), sql, args...)
	if err != nil {
		db.t.Fatalf("%.200s: %v", sql, err)
	}

	return func(how string) {
		db.t.Helper()
		_, err := conn.Exec(context.Background(), how)
		if err != nil {
			db.t.Fatal(err)
		}
	}
}

// patience is how long AwaitWaiting waits.
const patience = time.Minute

// AwaitWaiting returns when exactly n statements on this database wait for locks.
func (db *DB) AwaitWaiting(n int) {
	db.t.Helper()
	const q = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
	ctx, cancel := context.WithTimeout(db.t.Context(), patience)
	defer cancel()

	conn := Connect(db.t, db.URL)
	for waiting := -1; waiting != n; {
		err := conn.QueryRow(ctx, q).Scan(&waiting)
		if err != nil {
			db.t.Fatalf("%d statements wait for locks, not %d: %v", waiting, n, err)
		}
	}
}
