// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

const (
	eventStream = "text/event-stream"
	heartbeat   = 15 * time.Second
)

// unansweredPause is how long a stream waits after the database could not answer it.
const unansweredPause = time.Second

// errEnds ends a stream without a fault: the server stops, or the client has left.
var errEnds = errors.New("the stream ends")

// stream answers with server-sent events, until the client leaves, may no longer
// be here or takes nothing any more, or the server stops. Between two events it
// holds no more than its connection. While the database is away it stays open.
func (f *Feed) stream(w http.ResponseWriter, r *http.Request, reader *reader) error {
	reader.grown = f.grown.Load()
	page, err := f.readApart(r.Context(), reader) // before the reply begins: the cursor may be refused
	if err != nil {
		return err
	}
	s := stream{feed: f, ctx: r.Context(), reader: reader, out: newEvents(w, f.stall), beat: time.NewTimer(f.heartbeat)}
	defer s.beat.Stop()
	if err := reader.givesStream(); err != nil {
		return err
	}
	if apart(func() { err = s.out.send() }); err != nil { // the headers
		return err
	}
	if err := s.run(page); !errors.Is(err, errEnds) {
		return err
	}
	return nil
}

// stream is one that has begun.
type stream struct {
	feed   *Feed
	ctx    context.Context //nolint:containedctx // of the request
	reader *reader
	out    *events
	beat   *time.Timer
}

// run sends this page, and what comes after it.
func (s *stream) run(page store.FeedPage) error {
	for {
		if err := s.out.page(page, !s.reader.query.NoData); err != nil {
			return err
		}
		if len(page.Changes) > 0 {
			s.beat.Reset(s.feed.heartbeat)
		}
		more := page.More
		s.reader.query.After, page = page.Next, store.FeedPage{} // its records are not held while nothing comes
		if err := s.rest(more); err != nil {
			return err
		}
		s.reader.grown = s.feed.grown.Load()
		err := s.ask(func(ctx context.Context) (err error) {
			page, err = s.feed.readFeed(ctx, s.reader)
			return err
		})
		if err != nil {
			return err
		}
	}
}

// rest lets time pass until there may be something for the reader.
func (s *stream) rest(more bool) error {
	for {
		came, err := s.attend(something(s.reader, more))
		if err != nil {
			return err
		}
		err = s.ask(func(ctx context.Context) error { return s.feed.stays(ctx, s.reader) })
		if err != nil && !errors.Is(err, errEnds) {
			s.reader.caller.Note(err) // the reply comes to its end
			return errEnds
		}
		if err != nil {
			return err
		}
		if err := s.reader.givesAnew(); err != nil {
			return err
		}
		if came || s.reader.grown != s.feed.grown.Load() { // others' changes: to stand behind them, too
			return nil
		}
	}
}

// ask does something with the database, and again as long as that cannot answer.
func (s *stream) ask(do func(context.Context) error) error {
	for {
		if err := s.until(s.feed.reachable()); err != nil {
			return err
		}
		err := s.beside(do)
		if fed.KindOf(err) != fed.Unavailable || s.ctx.Err() != nil {
			return err
		}
		if err := s.pause(); err != nil {
			return err
		}
	}
}

func (s *stream) pause() error {
	ctx, cancel := context.WithTimeout(s.ctx, unansweredPause)
	defer cancel()
	return s.until(ctx.Done())
}

// beside does something that may take long, and is given up when the stream ends.
func (s *stream) beside(do func(context.Context) error) (err error) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	doing := begin(func() { err = do(ctx) })
	if ends := s.until(doing.done); ends != nil {
		cancel()
		doing.end()
		return ends
	}
	doing.end()
	return err
}

// until waits for something, with a comment at each heartbeat.
func (s *stream) until(awaited <-chan struct{}) error {
	for {
		if came, err := s.attend(awaited); came || err != nil {
			return err
		}
	}
}

// attend waits for something, or for the next heartbeat, which is a comment.
func (s *stream) attend(awaited <-chan struct{}) (came bool, err error) {
	select {
	case <-awaited:
		return true, nil
	case <-s.beat.C:
		s.beat.Reset(s.feed.heartbeat)
		return false, s.out.comment()
	case <-s.feed.stopping:
		return false, errEnds
	case <-s.ctx.Done():
		return false, errEnds
	}
}

// readFeed reads the next page, when the last one has been sent.
func (f *Feed) readFeed(ctx context.Context, reader *reader) (page store.FeedPage, err error) {
	reader.hold.Release()
	if err := reader.hold.Take(ctx, store.PieceBytes); err != nil {
		return page, err
	}
	page, err = f.db.For(reader.caller.Reader()).Changes(ctx, reader.query)
	bytes := int64(0)
	for _, change := range page.Changes {
		bytes += int64(len(change.Data))
	}
	reader.hold.Keep(bytes)
	return page, err
}

func (f *Feed) readApart(ctx context.Context, reader *reader) (page store.FeedPage, err error) {
	apart(func() { page, err = f.readFeed(ctx, reader) })
	return page, err
}

// events writes server-sent events.
type events struct {
	to         *gate.PacedWriter
	connection *http.ResponseController
	buffer     bytes.Buffer
}

func newEvents(w http.ResponseWriter, stall time.Duration) *events {
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	return &events{to: gate.PacedFor(w, stall), connection: http.NewResponseController(w)}
}

// page sends the changes of a page.
func (out *events) page(page store.FeedPage, data bool) error {
	for _, change := range page.Changes {
		text, _ := change.Cursor.AppendText(append(out.buffer.AvailableBuffer(), "id: "...)) // which never fails
		text = gate.AppendChange(append(text, "\ndata: "...), change, data)
		out.buffer.Write(append(text, "\n\n"...))
		if out.buffer.Len() >= gate.FullPiece {
			if err := out.send(); err != nil {
				return err
			}
		}
	}
	if out.buffer.Len() == 0 {
		return nil
	}
	err := out.send()
	out.buffer = bytes.Buffer{} // a stream that is idle has none
	return err
}

func (out *events) comment() error {
	out.buffer.WriteString(":\n\n")
	return out.send()
}

func (out *events) send() error {
	if _, err := out.buffer.WriteTo(out.to); err != nil {
		return err
	}
	return out.connection.Flush()
}
