// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"thalamus/internal/limit"
)

// event collects all about one request; it ends as one line of the log. It is the request's
// context and the writer of its reply as well, so that one allocation makes all of them.
type event struct {
	context.Context //nolint:containedctx // the client's, with a deadline
	http.ResponseWriter
	client  context.Context //nolint:containedctx // as net/http gives it, until it has left
	started time.Time
	routing *chi.Context // the parameters of the path; used again after this request
	caller  Caller
	prefix  string // of this hub's paths, as the client writes them
	face    Face
	replica int  // of the database, from 1 on, which is read; 0: the primary
	writes  bool // it may write

	requestLog
	timeout requestTimeout

	memory *limit.Hold // of the body; nil: none
	growth growth

	purpose      string // for which the caller says to read, "": it is not said
	accessRecord accessRecord
	unrecorded   error // why the access record could not be written: nothing is sent then
}

func (g *Gate) newEvent(w http.ResponseWriter, r *http.Request) *event {
	client := r.Context()
	ev := &event{Context: client, ResponseWriter: w, client: client, started: time.Now(), prefix: g.prefix(r)}
	ev.caller = Caller{From: clientAddress(r), Request: rand.Text(), gate: g, event: ev}
	ev.routing, _ = routings.Get().(*chi.Context)
	return ev
}

var routings = sync.Pool{New: func() any { return chi.NewRouteContext() }}

func (ev *event) releaseRouting() {
	ev.routing.Reset()
	routings.Put(ev.routing)
}

type eventKey struct{}

// Value is context.Context's.
func (ev *event) Value(key any) any {
	if key == (eventKey{}) {
		return ev
	}
	return ev.Context.Value(key)
}

func eventOf(r *http.Request) *event {
	ev, _ := r.Context().Value(eventKey{}).(*event)
	return ev
}

var nosniff = []string{"nosniff"}

// WriteHeader is http.ResponseWriter's.
func (ev *event) WriteHeader(status int) {
	if ev.status == 0 && status >= http.StatusOK && !ev.beginReply(status) { // an informational status: the reply is to come
		return
	}
	ev.ResponseWriter.WriteHeader(status)
}

// Write is http.ResponseWriter's.
func (ev *event) Write(p []byte) (int, error) {
	if ev.status == 0 && !ev.beginReply(http.StatusOK) {
		return 0, ev.unrecorded
	}

	n, err := ev.ResponseWriter.Write(p)
	if ev.method != http.MethodHead { // HEAD has no body
		ev.bytes += int64(n)
	}

	return n, err
}

// FlushError is http.ResponseController's. A reply that is flushed has begun.
func (ev *event) FlushError() error {
	if ev.status == 0 && !ev.beginReply(http.StatusOK) {
		return ev.unrecorded
	}
	return http.NewResponseController(ev.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (ev *event) Unwrap() http.ResponseWriter { return ev.ResponseWriter }
