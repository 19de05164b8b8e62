// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"context"
	"fmt"
	"strconv"
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

// AwaitWaiting returns when exactly n statements on this database wait for locks.
func (db *DB) AwaitWaiting(n int) {
	db.t.Helper()
	const q = `SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
	Await(db.t, fmt.Sprintf("%d statements wait for locks", n), func() bool { return db.Text(q) == strconv.Itoa(n) })
}
