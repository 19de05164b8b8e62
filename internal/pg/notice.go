// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"github.com/jackc/pgx/v5/pgconn"
)

// standbyKey marks a connection over which a commit was not waited for.
const standbyKey = "thalamus_standby"

// onNotice marks a connection on which PostgreSQL gave up waiting for a synchronous standby. It says
// so in a warning, beside a success. No statement of ours makes another warning of this SQLSTATE.
func onNotice(conn *pgconn.PgConn, n *pgconn.Notice) {
	const warning, cancelled = "WARNING", "01000"
	if n.SeverityUnlocalized == warning && (n.Code == cancelled || n.Routine == "SyncRepWaitForLSN") {
		conn.CustomData()[standbyKey] = true
	}
}

// standbyError is errStandby for a connection that onNotice has marked since it was made.
func standbyError(conn *Conn) error {
	if conn.Conn().PgConn().CustomData()[standbyKey] != nil {
		return errStandby
	}
	return nil
}
