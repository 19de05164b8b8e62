// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "context"

// SweepSessions removes the sessions that ended more than an hour ago: until then a form that
// came too late can be kept in their rows.
func (db *DB) SweepSessions(ctx context.Context, limits SessionLimits) error {
	const q = `DELETE FROM thalamus_session
		WHERE greatest(least(seen + $1::interval, begun + $2::interval), drafted) < now() - ` + draftTime
	return db.execSession(ctx, q, limits.Idle, limits.Longest)
}
