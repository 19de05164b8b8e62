// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"time"

	"thalamus/internal/store"
)

const (
	noteInterval = time.Minute
	noteTimeout  = 10 * time.Second
)

// positions are how far the accounts have read that follow the changes of everybody, by their ids, of
// those who have not come to the end, too. The lock of Feed guards them.
type positions map[string]*position

// position is how far an account has read, and whether it has read since the database was told.
type position struct {
	reached int64
	read    bool
}

// read says how far an account has read. Of several readers under one account the furthest counts.
func (all positions) read(account string, reached int64) {
	one := all[account]
	if one == nil && len(all) >= maxFollowers {
		return
	}
	if one == nil {
		one = &position{}
		all[account] = one
	}

	one.reached, one.read = max(one.reached, reached), true
}

// take gives what the database is to be told. Those that have not read since it was told are forgotten.
func (all positions) take() (news []store.FollowerPosition) {
	for account, one := range all {
		if !one.read {
			delete(all, account)
			continue
		}

		one.read = false
		news = append(news, store.FollowerPosition{Account: account, Position: one.reached})
	}
	return news
}

// takePositions is positions.take with those who wait for news: a stream without any reads nothing.
func (f *Feed) takePositions() []store.FollowerPosition {
	f.mu.Lock()
	defer f.mu.Unlock()

	for s := range f.subscribers {
		if one := f.positions[s.account]; one != nil {
			one.read = true
		}
	}
	return f.positions.take()
}

// notePositions tells the database now and then how far followers have read.
func (f *Feed) notePositions(ctx context.Context) {
	notes := positionNotes{feed: f}
	every(ctx, noteInterval, notes.write)
}

// positionNotes tells the database how far followers have read, while it can be written to.
type positionNotes struct {
	feed   *Feed
	failed string // why the last time; "": it did not
}

// write warns of a failure that lasts once.
func (n *positionNotes) write(ctx context.Context) {
	news := n.feed.takePositions()
	if len(news) == 0 || !n.feed.db.LastHealth().Writes {
		return
	}

	ctx, cancel := context.WithTimeout(ctx, noteTimeout)
	defer cancel()
	reason := ""
	if err := n.feed.db.NoteFollowers(ctx, news); err != nil {
		reason = err.Error()
	}

	if reason != "" && reason != n.failed {
		n.feed.log.Warn("how far followers have read is not noted", "error", reason)
	}
	n.failed = reason
}
