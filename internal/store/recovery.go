// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// errInRecovery says why a server cannot be listened to.
var errInRecovery = errors.New("this PostgreSQL is a standby: it can be read, takes no writes, and tells of no changes")

// canOnlyRead is true of transactions that began on a standby, also if it is promoted meanwhile, and
// of those that may not write for another reason.
const canOnlyRead = `current_setting('transaction_read_only')::boolean`

// refuseStandby is errInRecovery if a connection leads to a standby.
func refuseStandby(ctx context.Context, conn *pgx.Conn) error {
	const q = `SELECT pg_is_in_recovery()`
	standby := false
	err := conn.QueryRow(ctx, q, pgx.QueryExecModeSimpleProtocol).Scan(&standby)
	switch {
	case err != nil:
		return err
	case standby:
		return errInRecovery
	}
	return nil
}

// ErrReadOnly is for those who did not write because of ReadOnly.
var ErrReadOnly = errors.New("the database can only be read")

// ReadOnly reports whether the database could only be read when WatchHealth last asked, as a standby:
// loops that write may spare themselves the attempt.
func (db *DB) ReadOnly() bool { return db.health.readOnly.Load() }
