// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"thalamus/internal/store"
)

// longWriterInterval is how often the feed looks for transactions that are open for long.
const longWriterInterval = time.Minute

// warnOfLongWriters names the transaction that has kept what it wrote from the feed for
// longest, and the statement that ends it.
func (f *Feed) warnOfLongWriters(ctx context.Context) {
	open, err := f.db.OpenWriters(ctx)
	if err != nil {
		return // the feed itself tells of a database that is away
	}

	long := f.longWriters(open, time.Now())
	if len(long) == 0 {
		return
	}

	oldest := long[0]
	f.log.Warn("a transaction has written and is still open; its changes come to the feed when it ends",
		"pid", oldest.PID, "user", oldest.User, "application", oldest.Application, "since", *oldest.Since,
		"end", fmt.Sprintf("SELECT pg_terminate_backend(%d);", oldest.PID), "others", len(long)-1)
}

// longWriters gives the open transactions that are open for long, the oldest first. One
// whose beginning PostgreSQL keeps to itself counts from when it was first seen.
func (f *Feed) longWriters(open []store.OpenWriter, now time.Time) []store.OpenWriter {
	seen := make(map[string]*time.Time, len(open))
	for i := range open {
		w := &open[i]
		if w.Since == nil {
			w.Since = f.firstSeen[w.Transaction]
		}
		if w.Since == nil {
			w.Since = &now
		}
		seen[w.Transaction] = w.Since
	}
	f.firstSeen = seen

	long := slices.DeleteFunc(open, func(w store.OpenWriter) bool { return now.Sub(*w.Since) < f.longWriterAge })
	slices.SortStableFunc(long, func(a, b store.OpenWriter) int { return a.Since.Compare(*b.Since) })
	return long
}
