// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"net/http"
	"slices"

	"thalamus/internal/access"
	"thalamus/internal/auth"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/limit"
	"thalamus/internal/store"
)

// subscriber is a request that reads the feed at this moment: for a page, as a long poll,
// or as an event stream.
type subscriber struct {
	query
	feedQuery     store.FeedQuery // of the next page; the lock of Feed guards the resources it may see,
	account       string          // and this, the caller's
	wake          chan struct{}   // changes may have come
	caller        gate.Caller     // as the account and the roles file were at the last look
	session       *auth.Session
	hold          *limit.Hold  // of the memory for a page
	publications  uint64       // Feed.publications before the feed was last read
	recordedReach access.Reach // of whom the access record says that this stream tells
}

func (f *Feed) subscribe(r *http.Request, c *gate.Caller, q query) *subscriber {
	s := &subscriber{
		query: q, wake: make(chan struct{}, 1), caller: *c, session: c.Session(r), hold: c.OpenHold(),
		feedQuery: store.FeedQuery{Limit: q.limit, Person: c.Subject, NotNode: q.notNode, NoData: q.noData},
	}

	f.mu.Lock()
	defer f.mu.Unlock()

	f.subscribers[s] = struct{}{}
	return s
}

func (f *Feed) unsubscribe(s *subscriber) {
	s.hold.Release()

	f.mu.Lock()
	defer f.mu.Unlock()

	delete(f.subscribers, s)
}

// setVisible sets the resources that a subscriber sees: all records of some, its own of
// others, and deleted ones.
func (f *Feed) setVisible(s *subscriber, all, own, deleted []fed.Resource) {
	f.mu.Lock()
	defer f.mu.Unlock()

	s.account = s.caller.Account.ID
	s.feedQuery.All, s.feedQuery.Own, s.feedQuery.Deleted, s.feedQuery.Acts = all, own, deleted, s.caller.Acts
}

// notify wakes the subscriber. A subscriber that has not looked since is awake already.
func (s *subscriber) notify() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// matches reports whether the subscriber could see such a change, or is its subject.
func (s *subscriber) matches(news store.ChangeNotice) bool {
	q := &s.feedQuery
	if q.Person != "" && q.Person != news.Person {
		return false
	}

	if slices.Contains(q.All, news.Resource) {
		return true
	}
	return (news.Person == s.account || q.Acts) && slices.Contains(q.Own, news.Resource)
}
