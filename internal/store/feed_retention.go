// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"
)

// CutFeed forgets the changes from before a time, but never the newest of a record, and says how
// many. It goes on in pieces from where it, or another server, ended. One server at a time does so:
// the others find it busy and are done, as they are with a database that can only be read.
func (db *DB) CutFeed(ctx context.Context, until time.Time) (gone int64, err error) {
	const q = `SELECT COALESCE(cut.looked, 0), cut.gone FROM thalamus_cut($1) AS cut`
	readOnly, err := db.canOnlyRead(ctx)
	if err != nil || readOnly {
		return 0, err
	}

	err = db.Publish(ctx) // a change without a place in the feed cannot be cut
	if err != nil {
		return 0, err
	}

	for looked := 1; looked > 0; {
		var cut int64
		err := db.pool.QueryRow(ctx, q, until).Scan(&looked, &cut)
		if err != nil {
			return gone, classify(err)
		}
		gone += cut
	}
	return gone, nil
}

func (db *DB) canOnlyRead(ctx context.Context) (readOnly bool, err error) {
	err = db.pool.QueryRow(ctx, `SELECT `+canOnlyRead).Scan(&readOnly)
	return readOnly, classify(err)
}
