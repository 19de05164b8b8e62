// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"
)

// EmergencyCounts is how many books were opened in emergencies.
type EmergencyCounts struct {
	Opened, Open, Unreviewed int64         // since ever; now; those that nobody has looked at
	Oldest                   time.Duration // since when the first of these was opened; 0: there is none
}

// CountEmergencies counts them all: they are few.
func (db *DB) CountEmergencies(ctx context.Context) (c EmergencyCounts, err error) {
	const q = `SELECT count(*), count(*) FILTER (WHERE until > now()), count(*) FILTER (WHERE reviewed IS NULL),
		COALESCE(clock_timestamp() - min(time) FILTER (WHERE reviewed IS NULL), '0') FROM thalamus_emergencies`
	err = db.pool.QueryRow(ctx, q).Scan(&c.Opened, &c.Open, &c.Unreviewed, &c.Oldest)
	return c, classify(err)
}
