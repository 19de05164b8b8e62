// SPDX-License-Identifier: GPL-3.0-or-later

package testdb

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestASessionThatIsUsedAgainHasNothingOfTheLastUse(t *testing.T) {
	t.Parallel()
	db := New(t)
	const session = `SELECT concat_ws(' ', pg_backend_pid(), current_user, current_setting('search_path'), to_regclass('pg_temp.left'))`
	before := db.Text(session)
	db.Exec(`SET search_path = pg_catalog`)
	db.Exec(`SET ROLE pg_monitor`)
	db.Exec(`CREATE TEMPORARY TABLE "left" ()`)
	if after := db.Text(session); after != before {
		t.Errorf("before %s, after %s", before, after)
	}
}

func TestASessionThatIsLeftInATransactionIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	db := New(t)
	db.Exec(`BEGIN`)
	db.Exec(`INSERT INTO dus (id, data) VALUES ('u', '{}')`)
	if got := Text(t, db.URL, `SELECT count(*)::text FROM dus`); got != "1" {
		t.Errorf("others see %s rows", got)
	}
}

// A statement that would wait for ever fails, also one that makes or drops a database. No other
// test runs beside, so that the session of all is the first one.
func TestEveryStatementHasALimit(t *testing.T) {
	for name, sessions := range map[string]*pool{"of a test": New(t).conns, "of all": admin} {
		var got string
		err := sessions.with(t.Context(), func(conn *pgx.Conn) error {
			return conn.QueryRow(t.Context(), `SHOW statement_timeout`).Scan(&got)
		})
		if err != nil || got != longest {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}
