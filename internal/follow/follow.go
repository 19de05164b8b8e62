// SPDX-License-Identifier: GPL-3.0-or-later

// Package follow is a client of the change feed: it hands a hub's changes on, one
// line each, and keeps its cursor in a file. Read it before you write a node of
// your own; whatever the language, this is all:
//
//  1. GET /changes?since=CURSOR&limit=1000&wait=50s, with Basic authentication.
//     Without since it begins with the whole federation.
//  2. Apply each change whose version is greater than that of the record you have:
//     replace the record by data, or delete it where data is null. Doing it twice
//     does no harm then.
//  3. Store the reply's next as your CURSOR in the same transaction, or afterwards;
//     never before. You miss no change then, wherever you are killed. next can be
//     another also when there are no changes: filters have left some out. more
//     says whether there is something behind it already.
//  4. Go on with 1. After a failure wait first, longer each time, and as long as
//     Retry-After says. 401 and 403 need a human being. 410 means that the cursor
//     can no longer be honoured: begin again without one.
//
// It waits by long-polling instead of server-sent events: each reply is complete
// within a minute, so that proxies which hold replies back, or end those that
// last, do no harm.
package follow

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

const (
	wait           = 50 * time.Second // for changes to come; below the minute after which many proxies give up
	limit          = "1000"           // changes in a reply, the most that a hub sends
	silence        = 2 * time.Minute  // without a byte from the hub: it is gone
	firstPause     = time.Second      // after a failure; doubled by each that follows
	longestPause   = time.Minute
	retryAfterMost = time.Hour // that a hub can demand
	tries          = 10        // in a row, if it shall end
)

// Follower hands the changes of one hub on.
type Follower struct {
	Client            *http.Client // must not follow redirects: see NewClient
	Feed              *url.URL     // the hub's /changes, with the filters in its query
	Account, Password string

	Cursor *CursorFile // where to begin; moved only after Out has taken the changes before
	Out    io.Writer   // a Write returns when its bytes are handed on
	Once   bool        // end when there are no more changes

	Failed func(err error, pause time.Duration) // tells of a failure, and when the next try is

	sleep func(ctx context.Context, pause time.Duration) // nil: really
}

// Run hands changes on until ctx ends, which is no error, or until it makes no
// sense to try again.
func (f *Follower) Run(ctx context.Context) error {
	var patience time.Duration // none at first: a cursor "now" becomes a real one at once
	for failures := 0; ; {
		began, from := time.Now(), f.Cursor.Cursor()
		err := f.page(ctx, patience)
		stayed := f.Cursor.Cursor() == from

		var final stop
		if errors.As(err, &final) {
			return final.error
		}
		if ctx.Err() != nil {
			return nil
		}

		if !stayed {
			failures = 0 // replies that are always cut still bring us on
		}
		if err != nil {
			failures++
			if f.Once && failures == tries {
				return err
			}
			f.retry(ctx, err, failures)
			continue
		}

		failures = 0
		if f.Once {
			if stayed { // while the cursor moves, filters leave changes out: that is no end
				return nil
			}
			continue
		}

		patience = wait
		if stayed && time.Since(began) < firstPause {
			f.pause(ctx, firstPause) // also when something in between does not let us wait
		}
	}
}

// page asks the hub once. Every change of its reply that came whole is handed
// on, and only then the cursor is moved behind it.
func (f *Follower) page(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(silence, func() { cancel(errSilent) })
	defer timer.Stop()

	reply, err := f.ask(ctx, patience)
	if err != nil {
		return err
	}
	defer reply.Body.Close()

	out := bufio.NewWriterSize(f.Out, 64<<10)
	last := ""
	next, err := readPage(silenceReader{ctx, reply.Body, timer}, func(change json.RawMessage, cursor string) error {
		last = cursor
		return writeLine(out, change)
	})
	if err != nil {
		next = last
	}

	broken := out.Flush()
	if broken != nil {
		return stop{fmt.Errorf("hand the changes on: %w", broken)}
	}
	unsaved := f.Cursor.Move(next)
	if unsaved != nil {
		return stop{fmt.Errorf("%w; the last changes will come again", unsaved)}
	}
	return err
}

// writeLine writes a change with every byte as it came. A line end, which the hub
// does not send, could only stand where a blank may.
func writeLine(out *bufio.Writer, change []byte) error {
	_, err := out.Write(append(bytes.ReplaceAll(change, []byte("\n"), []byte(" ")), '\n'))
	return err
}

// retry waits after the n-th failure in a row. The next try looks the hub's name
// up again: it may stand for another address by now.
func (f *Follower) retry(ctx context.Context, err error, n int) {
	f.Client.CloseIdleConnections()

	pause := min(firstPause<<min(n-1, 10), longestPause)
	pause = pause/2 + rand.N(pause/2)
	var later refusal
	if errors.As(err, &later) {
		pause = max(pause, later.after)
	}

	f.Failed(err, pause)
	f.pause(ctx, pause)
}

func (f *Follower) pause(ctx context.Context, pause time.Duration) {
	if f.sleep != nil {
		f.sleep(ctx, pause)
		return
	}

	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}
