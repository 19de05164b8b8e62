// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"context"
	"net/http"

	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// getChanges answers with changes in the order of their commits: at once, as a long poll
// with "wait", or as an event stream.
func (f *Feed) getChanges(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q, err := readQuery(r)
	if err != nil {
		return err
	}

	gate.VaryByAccept(w.Header())
	s := f.subscribe(r, c, q)
	defer f.unsubscribe(s)

	if err := f.authorise(s); err != nil {
		return err
	}
	onOwnStack(r.Context(), func(ctx context.Context) { err = f.setStart(ctx, s) })
	if err != nil {
		return err
	}

	if q.stream {
		return f.streamEvents(w, r, s)
	}
	page, err := f.longPoll(r.Context(), s)
	if err != nil {
		return err
	}
	return f.writePage(w, r, s, page)
}

// setStart sets the cursor where a subscriber starts. All that was committed before is
// published first, so that a writer finds its own changes.
func (f *Feed) setStart(ctx context.Context, s *subscriber) (err error) {
	if err := f.db.Publish(ctx); err != nil {
		return err
	}

	switch s.since {
	case "":
		return nil
	case "now":
		s.feedQuery.After, err = f.end(ctx, s)
	default:
		s.feedQuery.After, err = store.ParseCursor(s.since)
	}
	return err
}

// readPage reads the next page. The memory for the one before is given back: it has been
// sent.
func (f *Feed) readPage(ctx context.Context, s *subscriber) (page store.FeedPage, err error) {
	before := f.publications.Load()
	s.hold.Release()
	if err := s.hold.Take(ctx, store.PieceBytes); err != nil {
		return page, err
	}

	page, err = f.changes(ctx, s)
	bytes := int64(0)
	for _, change := range page.Changes {
		bytes += int64(len(change.Data))
	}
	s.hold.Keep(bytes)
	if err != nil {
		return page, err
	}

	f.noteRead(s, page, before)
	return page, nil
}

// readPageOnOwnStack is readPage for a subscriber that may wait for long afterwards.
func (f *Feed) readPageOnOwnStack(ctx context.Context, s *subscriber) (page store.FeedPage, err error) {
	onOwnStack(ctx, func(ctx context.Context) { page, err = f.readPage(ctx, s) })
	return page, err
}
