// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/store"
)

const heartbeat = 15 * time.Second

// retryPause is how long an event stream waits after the database could not answer it.
const retryPause = time.Second

// errStreamEnds ends an event stream without a fault: the server stops, or the client has
// left.
var errStreamEnds = errors.New("the stream ends")

// streamEvents answers with server-sent events, until the client leaves, loses the right
// to read or takes nothing any more, or the server stops. Between two events it holds no
// more than its connection. While the database is away it stays open.
func (f *Feed) streamEvents(w http.ResponseWriter, r *http.Request, s *subscriber) error {
	s.publications = f.publications.Load()
	page, err := f.readPageOnOwnStack(r.Context(), s) // before the reply begins: the cursor may be refused
	if err != nil {
		return err
	}

	stream := eventStream{feed: f, ctx: r.Context(), subscriber: s, out: newEventWriter(w, f.stall), heartbeat: time.NewTimer(f.heartbeat)}
	defer stream.heartbeat.Stop()

	if err := s.recordStream(); err != nil {
		return err
	}
	onOwnStack(r.Context(), func(context.Context) { err = stream.out.flush() }) // the headers
	if err != nil {
		return err
	}

	err = stream.run(page)
	if errors.Is(err, errStreamEnds) {
		return nil
	}
	return err
}

// eventStream is one that has begun.
type eventStream struct {
	feed       *Feed
	ctx        context.Context //nolint:containedctx // of the request
	subscriber *subscriber
	out        *eventWriter
	heartbeat  *time.Timer
}

// run sends this page, and the pages after it.
func (stream *eventStream) run(page store.FeedPage) error {
	for {
		if err := stream.send(page); err != nil {
			return err
		}

		more := page.More
		page = store.FeedPage{} // its records are not held while the stream waits
		if err := stream.waitForChanges(more); err != nil {
			return err
		}

		stream.subscriber.publications = stream.feed.publications.Load()
		err := stream.query(func(ctx context.Context) (err error) {
			page, err = stream.feed.readPage(ctx, stream.subscriber)
			return err
		})
		if err != nil {
			return err
		}
	}
}

// send sends a page, and moves the cursor behind it.
func (stream *eventStream) send(page store.FeedPage) error {
	query := &stream.subscriber.feedQuery
	if err := stream.out.page(page, !query.NoData); err != nil {
		return err
	}

	if len(page.Changes) > 0 {
		stream.heartbeat.Reset(stream.feed.heartbeat)
	}
	query.After = page.Next
	return nil
}

// waitForChanges waits until there may be changes for the subscriber. After changes for
// others alone it returns, too, at the next heartbeat, so that the cursor moves behind them.
func (stream *eventStream) waitForChanges(more bool) error {
	s := stream.subscriber
	for {
		came, err := stream.waitOneHeartbeat(s.wakeup(more))
		if err != nil {
			return err
		}

		if err := stream.reauthorise(); err != nil {
			return err
		}
		if err := s.recordStreamAgain(); err != nil {
			return err
		}

		if came || s.publications != stream.feed.publications.Load() {
			return nil
		}
	}
}

// reauthorise ends the stream of an account that may not read the feed any more.
func (stream *eventStream) reauthorise() error {
	err := stream.query(func(ctx context.Context) error { return stream.feed.reauthorise(ctx, stream.subscriber) })
	if err == nil || errors.Is(err, errStreamEnds) {
		return err
	}

	stream.subscriber.caller.Note(err) // the log has it; the reply comes to its end
	return errStreamEnds
}

// query asks the database, and again as long as it cannot answer.
func (stream *eventStream) query(do func(context.Context) error) error {
	for {
		if err := stream.waitFor(stream.feed.databaseUp()); err != nil {
			return err
		}

		err := stream.queryOnce(do)
		if fed.KindOf(err) != fed.Unavailable || stream.ctx.Err() != nil {
			return err
		}

		if err := stream.pause(); err != nil {
			return err
		}
	}
}

// queryOnce asks the database, with heartbeats meanwhile. The query is cancelled when the
// stream ends.
func (stream *eventStream) queryOnce(do func(context.Context) error) (err error) {
	query := startOnOwnStack(stream.ctx, func(ctx context.Context) { err = do(ctx) })
	ended := stream.waitFor(query.Done())
	if ended != nil {
		query.Stop()
	}

	query.finish()
	return cmp.Or(ended, err)
}

func (stream *eventStream) pause() error {
	ctx, cancel := context.WithTimeout(stream.ctx, retryPause)
	defer cancel()

	return stream.waitFor(ctx.Done())
}

// waitFor waits for an event, with heartbeats meanwhile.
func (stream *eventStream) waitFor(event <-chan struct{}) error {
	for {
		came, err := stream.waitOneHeartbeat(event)
		if came || err != nil {
			return err
		}
	}
}

// waitOneHeartbeat waits for an event, or sends the next heartbeat, which is a comment.
func (stream *eventStream) waitOneHeartbeat(event <-chan struct{}) (came bool, err error) {
	select {
	case <-event:
		return true, nil
	case <-stream.heartbeat.C:
		stream.heartbeat.Reset(stream.feed.heartbeat)
		return false, stream.out.comment()
	case <-stream.feed.stopping:
		return false, errStreamEnds
	case <-stream.ctx.Done():
		return false, errStreamEnds
	}
}
