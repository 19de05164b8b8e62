// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// serverIdentity names the server at the other end: one that was started anew, or took over, has another
// name.
const serverIdentity = `SELECT pg_postmaster_start_time()::text`

// leaveSilentServer drops all connections to a server that says nothing, if meanwhile a new connection
// leads to another one that can be written to: statements there would wait for a long time.
func (db *DB) leaveSilentServer(ctx context.Context, silent string) {
	ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
	defer cancel()

	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return
	}
	defer closeConnection(ctx, conn)

	var name string
	var writable bool
	err = conn.QueryRow(ctx, `SELECT (`+serverIdentity+`), NOT pg_is_in_recovery()`).Scan(&name, &writable)
	if err != nil || name == silent || !writable {
		return
	}

	db.pool.Drop()
	db.reserved.Drop()
}
