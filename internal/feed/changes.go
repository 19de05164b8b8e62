// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"time"

	"thalamus/internal/access"
	"thalamus/internal/fed"
	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// mostPage is when a reply of changes ends early, in bytes.
const mostPage = 8 << 20

// longestRead is how long a reply that has begun waits for more of its changes.
const longestRead = 30 * time.Second

// getChanges answers with changes in the order of their commits: at once, or with
// "wait" when there are some, or as a stream of events.
func (f *Feed) getChanges(w http.ResponseWriter, r *http.Request, c *gate.Caller) error {
	q, err := readQuestion(r)
	if err != nil {
		return err
	}
	gate.VaryByAccept(w.Header())
	reader := f.newReader(r, c, q)
	defer f.leave(reader)
	if err := f.see(reader); err != nil {
		return err
	}
	if apart(func() { err = f.begin(r, reader) }); err != nil {
		return err
	}
	if q.stream {
		return f.stream(w, r, reader)
	}
	page, err := f.await(r, reader)
	if err != nil {
		return err
	}
	return f.writeChanges(w, r, reader, page)
}

// begin finds out where a reader starts. What was committed before is published
// before, so that who has just written finds it.
func (f *Feed) begin(r *http.Request, reader *reader) (err error) {
	if err := f.db.Publish(r.Context()); err != nil {
		return err
	}
	switch since := reader.since; since {
	case "":
	case "now":
		reader.query.After, err = f.db.FeedEnd(r.Context())
	default:
		reader.query.After, err = store.ParseCursor(since)
	}
	return err
}

// await reads a page. While there is nothing it waits, as long as the reader will.
func (f *Feed) await(r *http.Request, reader *reader) (page store.FeedPage, err error) {
	patience := time.NewTimer(reader.wait)
	defer patience.Stop()
	for {
		page, err = f.readApart(r.Context(), reader)
		if err != nil || len(page.Changes) > 0 || reader.wait == 0 {
			return page, err
		}
		reader.query.After = page.Next
		if goesOn, err := f.idle(r.Context(), reader, page.More, patience.C); err != nil || !goesOn {
			return page, err
		}
		if err := f.stays(r.Context(), reader); err != nil {
			return page, err
		}
	}
}

// idle lets time pass that is none of the request's patience, until there may be something
// for the reader, and somebody to ask for it. goesOn is false when the reader, or the server,
// waits no longer.
func (f *Feed) idle(ctx context.Context, reader *reader, more bool, over <-chan time.Time) (goesOn bool, err error) {
	defer gate.Pause(ctx)()
	if goesOn, err = f.until(ctx, something(reader, more), over); goesOn {
		goesOn, err = f.until(ctx, f.reachable(), over)
	}
	return goesOn, err
}

func (f *Feed) until(ctx context.Context, awaited <-chan struct{}, over <-chan time.Time) (came bool, err error) {
	select {
	case <-awaited:
		return true, nil
	case <-over:
		return false, nil
	case <-f.stopping:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// something gives what is ready when there may be something for the reader.
func something(reader *reader, more bool) <-chan struct{} {
	if more {
		return ready
	}
	return reader.wake
}

// reachable gives what is ready as soon as the database can be asked.
func (f *Feed) reachable() <-chan struct{} {
	if over := f.db.Over(); over != nil {
		return over
	}
	return ready
}

var ready = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// writeChanges sends {"changes":[...],"next":"..."}, some of the page at a time.
func (f *Feed) writeChanges(w http.ResponseWriter, r *http.Request, reader *reader, page store.FeedPage) error {
	w.Header().Set("Content-Type", gate.JSONType)
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	out := feedWriter{to: gate.Paced(w), reader: reader}
	out.buffer.WriteString(`{"changes":[`)
	for begun := false; ; {
		for _, change := range page.Changes {
			if begun {
				out.buffer.WriteByte(',')
			}
			begun = true
			if err := out.change(change, !reader.query.NoData); err != nil {
				return err
			}
		}
		reader.query.Limit -= len(page.Changes)
		if !page.Cut || reader.query.Limit == 0 || out.total > mostPage {
			break
		}
		reader.query.After = page.Next
		var err error
		if page, err = f.readOn(r.Context(), reader); err != nil {
			return err
		}
	}
	out.buffer.WriteString(`],"next":"` + page.Next.String() + `"}`)
	return out.send()
}

// readOn is readFeed for a reply that has begun, which nothing else bounds.
func (f *Feed) readOn(ctx context.Context, reader *reader) (store.FeedPage, error) {
	ctx, cancel := context.WithTimeout(ctx, longestRead)
	defer cancel()
	return f.readFeed(ctx, reader)
}

// feedWriter sends changes when there are enough of them.
type feedWriter struct {
	to      http.ResponseWriter
	reader  *reader
	buffer  bytes.Buffer
	persons []string // whom the buffer tells of
	total   int      // bytes
}

func (out *feedWriter) change(change store.Change, data bool) error {
	if change.Person != nil && !slices.Contains(out.persons, *change.Person) {
		out.persons = append(out.persons, *change.Person)
	}
	out.buffer.Write(gate.AppendChange(out.buffer.AvailableBuffer(), change, data))
	if out.buffer.Len() < gate.FullPiece {
		return nil
	}
	return out.send()
}

func (out *feedWriter) send() error {
	if err := out.reader.gives(out.persons); err != nil {
		return err
	}
	out.persons = nil

	n, err := out.buffer.WriteTo(out.to)
	out.total += int(n)
	if out.buffer.Cap() > 4*gate.FullPiece { // it grew around a large record
		out.buffer = bytes.Buffer{}
	}
	return err
}

// stays makes sure that the reader is still allowed to be here, and what to see.
func (f *Feed) stays(ctx context.Context, reader *reader) error {
	account, err := reader.session.Account(ctx)
	if err != nil {
		return err
	}
	reader.caller = reader.caller.Renewed(account)
	return f.see(reader)
}

// resources are copied once: every reader looks at them with every change.
var resources = fed.Resources()

// see lets the reader see what the caller's roles allow.
func (f *Feed) see(reader *reader) error {
	c := &reader.caller
	if !c.May(http.MethodGet, access.Changes) {
		return fed.Errorf(fed.Forbidden, "Your roles do not allow this.")
	}
	var all, own, deleted []fed.Resource
	for _, info := range resources {
		reach := c.Reach(http.MethodGet, access.Changes, access.Endpoint(info.Endpoint))
		switch {
		case reach == access.NoRecords || !reader.wants(info.Resource):
			continue
		case reach == access.AllRecords:
			all, deleted = append(all, info.Resource), append(deleted, info.Resource)
		case info.Owner == "":
			all = append(all, info.Resource)
		default:
			own = append(own, info.Resource)
		}
	}
	f.show(reader, c.Account.ID, all, own, deleted)
	return nil
}
