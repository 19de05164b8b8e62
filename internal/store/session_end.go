// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "context"

// EndSession ends a session for good.
func (db *DB) EndSession(ctx context.Context, key SessionKey) error {
	return db.execSession(ctx, `DELETE FROM thalamus_session WHERE key = $1`, key[:])
}
