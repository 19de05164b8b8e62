// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"time"

	"thalamus/internal/access"
	"thalamus/internal/store"
)

const (
	followerExpiry = 24 * time.Hour // after the last read
	maxFollowers   = 1000           // at a time
)

// followers are the accounts that follow the changes of everybody, by their ids: each has come to the
// end of the feed with a cursor, within the last day. The lock of Feed guards them.
type followers map[string]*follower

// follower is when an account read last, and since when there is something that it has not read.
type follower struct {
	read   time.Time
	behind time.Time // zero: it has read all
}

// published says that there is something new.
func (all followers) published(now time.Time) {
	for _, one := range all {
		if one.behind.IsZero() {
			one.behind = now
		}
	}
}

// read says that an account has read, and whether that was all there is.
func (all followers) read(account string, whole bool, now time.Time) {
	one := all[account]
	if one == nil && (!whole || len(all) >= maxFollowers) {
		return
	}
	if one == nil {
		one = &follower{}
		all[account] = one
	}

	one.read = now
	if whole {
		one.behind = time.Time{}
	}
}

// lag is that of the follower who is furthest behind. Those who have not read for long are forgotten.
func (all followers) lag(now time.Time) (longest time.Duration) {
	for account, one := range all {
		switch {
		case now.Sub(one.read) > followerExpiry:
			delete(all, account)
		case !one.behind.IsZero():
			longest = max(longest, now.Sub(one.behind))
		}
	}
	return longest
}

// noteRead notes that a subscriber has read a page. before is Feed.publications as it was then. A page of
// changes counts as read when its reader comes back with its cursor, or when it is an event stream's: one
// who asks for the same page again and again stands still.
func (f *Feed) noteRead(s *subscriber, page store.FeedPage, before uint64) {
	follows := s.stream || s.wait > 0 || s.since != "" && s.since != "now"
	if !follows || s.openings || s.feedQuery.Person != "" || s.reach() != access.AllRecords {
		return
	}

	reached := s.feedQuery.After
	if s.stream || len(page.Changes) == 0 {
		reached = page.Next
	}

	f.mu.Lock()
	defer f.mu.Unlock()
	whole := !page.More && before == f.publications.Load()
	f.followers.read(s.account, whole, time.Now())
	f.positions.read(s.account, reached.Position)
}
