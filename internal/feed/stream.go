// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"bytes"
	"net/http"
	"sync"
	"time"

	"thalamus/internal/gate"
	"thalamus/internal/store"
)

const (
	eventStream = "text/event-stream"
	heartbeat   = 15 * time.Second
)

// stream answers with server-sent events, until the client leaves, may no longer
// be here or takes nothing any more, or the server stops. Between two events it
// holds no more than its connection.
func (f *Feed) stream(w http.ResponseWriter, r *http.Request, reader *reader) error {
	reader.grown = f.grown.Load()
	page, err := f.readFeed(r, reader) // before the reply begins: the cursor may be refused
	if err != nil {
		return err
	}
	out := newEvents(w, f.stall)
	if apart(func() { err = out.send() }); err != nil { // the headers
		return err
	}
	beat := time.NewTimer(f.heartbeat)
	defer beat.Stop()
	for {
		if err := out.page(page, !reader.query.NoData); err != nil {
			return err
		}
		if len(page.Changes) > 0 {
			beat.Reset(f.heartbeat)
		}
		more := page.More
		reader.query.After, page = page.Next, store.FeedPage{} // its records are not held while nothing comes
		if goesOn, err := f.rest(r, reader, more, beat, out); err != nil || !goesOn {
			return err
		}
		reader.grown = f.grown.Load()
		if page, err = f.readFeed(r, reader); err != nil {
			return err
		}
	}
}

// readFeed reads the next page, when the last one has been sent.
func (f *Feed) readFeed(r *http.Request, reader *reader) (page store.FeedPage, err error) {
	reader.hold.Release()
	if err := reader.hold.Take(r.Context(), store.PieceBytes); err != nil {
		return page, err
	}
	apart(func() { page, err = f.db.For(reader.caller.Reader()).Changes(r.Context(), reader.query) })
	bytes := int64(0)
	for _, change := range page.Changes {
		bytes += int64(len(change.Data))
	}
	reader.hold.Keep(bytes)
	return page, err
}

// apart does something on a stack of its own: the one of a goroutine that waits for
// long afterwards keeps the size that it once needed.
func apart(do func()) {
	var fault any
	var done sync.WaitGroup
	done.Go(func() {
		defer func() { fault = recover() }()
		do()
	})
	if done.Wait(); fault != nil {
		panic(fault)
	}
}

// rest lets time pass until there may be something for the reader, with a comment
// at each heartbeat. goesOn is false when the stream is to end.
func (f *Feed) rest(r *http.Request, reader *reader, more bool, beat *time.Timer, out *events) (goesOn bool, err error) {
	for {
		due := false
		select {
		case <-readyIf(more):
		case <-reader.wake:
		case <-beat.C:
			due = true
		case <-f.stopping:
			return false, nil
		case <-r.Context().Done():
			return false, nil
		}
		if err := f.stays(r.Context(), reader); err != nil {
			reader.caller.Note(err) // the reply comes to its end
			return false, nil
		}
		if !due {
			return true, nil
		}
		if err := out.comment(); err != nil {
			return false, err
		}
		beat.Reset(f.heartbeat)
		if reader.grown != f.grown.Load() { // others' changes: to stand behind them, too
			return true, nil
		}
	}
}

var ready = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// readyIf gives a channel that is ready at once, or never.
func readyIf(now bool) <-chan struct{} {
	if now {
		return ready
	}
	return nil
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
