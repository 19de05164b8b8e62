// SPDX-License-Identifier: GPL-3.0-or-later

package pg

import (
	"context"
	"math/rand/v2"
	"time"
)

// waitForEnd waits for the end of an outage, at most as long as the context. Where the server is
// full, it also ends after a while: a connection of ours may have been released meanwhile.
func (p *Pool) waitForEnd(ctx context.Context, tries int, o *outage) error {
	if o.full {
		return p.wait(ctx, o.end, time.After(backoff(tries)))
	}
	return p.wait(ctx, o.end, nil)
}

// wait waits for the first of both channels, at most as long as the context. It fails at once
// while enough others wait.
func (p *Pool) wait(ctx context.Context, end <-chan struct{}, pause <-chan time.Time) error {
	waiting := p.waiting.Add(1)
	defer p.waiting.Add(-1)
	if waiting > maxWaiting {
		return errCrowded
	}

	select {
	case <-end:
	case <-pause:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// backoff is how long to wait before another attempt. Half of it is random, so that requests
// that failed together do not return together.
func backoff(tries int) time.Duration {
	pause := min(minBackoff<<min(tries, 10), maxBackoff)
	return pause/2 + rand.N(pause/2)
}

// Pause waits for so long, or until the context ends.
func Pause(ctx context.Context, duration time.Duration) {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
