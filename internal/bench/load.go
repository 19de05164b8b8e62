// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

const connections = 8

// load is requests that follow one another on each of several connections: the
// next is sent when the reply to the last is there.
type load struct {
	address     string
	connections int
	time        time.Duration // no request starts after it; every reply is waited for
	requests    generator
	lenient     bool // a reply that is not a success is counted, and no error
}

// warmUp applies the load for a while that does not count: accounts log in, and
// statements are prepared.
func (l load) warmUp(ctx context.Context) error {
	l.time = min(l.time, 500*time.Millisecond)
	_, err := l.run(ctx)
	return err
}

// sample is what came of a load.
type sample struct {
	rate   float64   // successes a second
	took   []float64 // ms of each
	failed int       // replies that were something else
}

// run applies the load once.
func (l load) run(ctx context.Context) (sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	parts := make([]sample, l.connections)
	begun := time.Now()
	for i := range l.connections {
		all.Go(func() {
			var err error
			if parts[i], err = l.connection(ctx, l.requests(i)); err != nil {
				cancel(err) // the first is the reason, and ends the others
			}
		})
	}
	all.Wait()
	elapsed := time.Since(begun)
	var s sample
	for _, part := range parts {
		s.took = append(s.took, part.took...)
		s.failed += part.failed
	}
	s.rate = float64(len(s.took)) / elapsed.Seconds()
	return s, context.Cause(ctx)
}

func (l load) connection(ctx context.Context, next func() request) (s sample, err error) {
	c := dial(ctx, l.address)
	defer c.close()
	for begun := time.Now(); time.Since(begun) < l.time && ctx.Err() == nil; {
		request := next()
		sent := time.Now()
		err := c.demand(request)
		var refused statusError
		switch {
		case err == nil:
			s.took = append(s.took, millis(time.Since(sent)))
		case l.lenient && errors.As(err, &refused):
			s.failed++
		default:
			return s, err
		}
	}
	return s, nil
}
