// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// end gives the cursor behind all that there is for a subscriber.
func (f *Feed) end(ctx context.Context, s *subscriber) (store.Cursor, error) {
	if s.openings {
		return store.Emergencies(f.db.For(s.caller.Reader())).End(ctx, s.feedQuery)
	}
	return f.db.FeedEnd(ctx)
}

// changes reads a page of changes, or of openings of books.
func (f *Feed) changes(ctx context.Context, s *subscriber) (page store.FeedPage, err error) {
	view := f.db.For(s.caller.Reader())
	if !s.openings {
		return view.Changes(ctx, s.feedQuery)
	}

	opened, more, err := store.Emergencies(view).Changes(ctx, s.feedQuery)
	page.Next, page.More = s.feedQuery.After, more
	for i := range opened {
		one := &opened[i]
		page.Next = one.Cursor
		page.Changes = append(page.Changes, store.Change{
			Cursor: one.Cursor, Resource: fed.Emergency, ID: one.ID, Person: &one.Person, Version: 1, Operation: "create",
			Time: one.Time, Account: &one.Account, Data: gate.AppendEmergency(nil, one.Emergency),
		})
	}
	return page, err
}

// ofOpenings reports whether all notices are of openings, of which readers of other changes hear nothing.
func ofOpenings(news []store.ChangeNotice) bool {
	return len(news) > 0 && news[0].Resource == fed.Emergency // they come alone
}
