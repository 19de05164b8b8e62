// SPDX-License-Identifier: GPL-3.0-or-later

package feed

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"thalamus/internal/gate"
	"thalamus/internal/store"
)

// maxPageBytes is when a reply of changes ends early.
const maxPageBytes = 8 << 20

// maxReadTime is how long a reply that has begun waits for more of its changes.
const maxReadTime = 30 * time.Second

// writePage sends {"changes":[...],"more":false,"next":"..."}. A page that was cut is read on in
// pieces while it is sent.
func (f *Feed) writePage(w http.ResponseWriter, r *http.Request, s *subscriber, page store.FeedPage) (err error) {
	w.Header().Set("Content-Type", gate.JSONType)
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}

	out := pageWriter{to: gate.NewMinRateWriter(w), subscriber: s}
	out.buffer.WriteString(`{"changes":[`)
	for {
		if err := out.changes(page.Changes); err != nil {
			return err
		}

		s.feedQuery.Limit -= len(page.Changes)
		if !page.Cut || out.total > maxPageBytes {
			break
		}

		s.feedQuery.After = page.Next
		page, err = f.readMore(r.Context(), s)
		if err != nil {
			return err
		}
	}

	out.buffer.WriteString(`],"more":` + strconv.FormatBool(page.More) + `,"next":"` + page.Next.String() + `"}`)
	return out.flush()
}

// readMore is readPage for a reply that has begun, which no other timeout bounds.
func (f *Feed) readMore(ctx context.Context, s *subscriber) (store.FeedPage, error) {
	ctx, cancel := context.WithTimeout(ctx, maxReadTime)
	defer cancel()

	return f.readPage(ctx, s)
}

// pageWriter writes changes as JSON, and sends them when there are enough of them.
type pageWriter struct {
	to         http.ResponseWriter
	subscriber *subscriber
	buffer     bytes.Buffer
	persons    []string // that the changes in the buffer are about
	begun      bool     // a change was written
	total      int      // bytes sent
}

func (out *pageWriter) changes(changes []store.Change) error {
	for _, change := range changes {
		if out.begun {
			out.buffer.WriteByte(',')
		}
		out.begun = true

		if err := out.change(change); err != nil {
			return err
		}
	}
	return nil
}

func (out *pageWriter) change(change store.Change) error {
	if change.Person != nil && !slices.Contains(out.persons, *change.Person) {
		out.persons = append(out.persons, *change.Person)
	}

	out.buffer.Write(gate.AppendChange(out.buffer.AvailableBuffer(), change, !out.subscriber.feedQuery.NoData))
	if out.buffer.Len() < gate.FullPiece {
		return nil
	}
	return out.flush()
}

// flush sends the buffer, after the access record has named its persons.
func (out *pageWriter) flush() error {
	if err := out.subscriber.recordPersons(out.persons); err != nil {
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
