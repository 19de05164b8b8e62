// SPDX-License-Identifier: GPL-3.0-or-later

package gate

import (
	"context"
	"time"

	"thalamus/internal/fed"
)

var errTimeout = &fed.Error{Kind: fed.Unavailable, Msg: "The request could not be answered in time; try again.", Wait: 5 * time.Second}

// requestTimeout bounds the time that the server takes for a request, waits of its own
// included. It pauses while the request waits for the client or in the queue of logins, and
// stops for good with the first byte of the reply. It is for one goroutine at a time.
type requestTimeout struct {
	cancel context.CancelCauseFunc
	clock  *time.Timer // nil: stopped for good
	left   time.Duration
	since  time.Time // when the clock was started last
}

// start gives the context of a request, which ends at the timeout. The cause is the reply
// then.
func (p *requestTimeout) start(ctx context.Context, most time.Duration) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	p.cancel, p.left, p.since = cancel, most, time.Now()
	p.clock = time.AfterFunc(most, func() { cancel(errTimeout) })
	return ctx
}

// end releases the context.
func (p *requestTimeout) end() {
	p.stop()
	p.cancel(nil)
}

// stop stops the clock for good.
func (p *requestTimeout) stop() {
	if p.clock != nil {
		p.clock.Stop()
		p.clock = nil
	}
}

// pause stops the clock until resume.
func (p *requestTimeout) pause() {
	if p.clock != nil {
		p.clock.Stop()
		p.left -= time.Since(p.since)
	}
}

func (p *requestTimeout) resume() {
	if p.clock != nil {
		p.since = time.Now()
		p.clock.Reset(p.left)
	}
}

// Pause pauses the timeout of the request that ctx is of, or comes from, until resume is
// called, while the request waits for others. Without a request it does nothing.
func Pause(ctx context.Context) (resume func()) {
	ev, ok := ctx.Value(eventKey{}).(*event)
	if !ok {
		return func() {}
	}
	ev.timeout.pause()
	return ev.timeout.resume
}
