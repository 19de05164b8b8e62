// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// unanswered stands for the status of a reply that did not come while it was waited for.
const unanswered = -1

// nuisance is logins with wrong passwords that go on beside what is measured.
type nuisance struct {
	address string
	ctx     context.Context //nolint:containedctx // of its requests
	cancel  context.CancelFunc
	begun   time.Time
	took    time.Duration // once stopped
	waiting sync.WaitGroup
	mu      sync.Mutex
	sent    int
	replies map[int]int // by status
}

func newNuisance(ctx context.Context, address string) *nuisance {
	ctx, cancel := context.WithCancel(ctx)
	return &nuisance{address: address, ctx: ctx, cancel: cancel, begun: time.Now(), replies: map[int]int{}}
}

// next gives the number of the next attempt.
func (n *nuisance) next() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sent++
	return n.sent - 1
}

// try sends an attempt and notes what becomes of it.
func (n *nuisance) try(c *client, who login) {
	status, err := c.ask(who.get("/login"))
	if err != nil {
		status = unanswered
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.replies[status]++
}

// stop gives up on what is not answered. It may be called again.
func (n *nuisance) stop() {
	if n.took == 0 {
		n.took = time.Since(n.begun)
	}
	n.cancel()
	n.waiting.Wait()
}

// answered tells how attempts were answered.
func answered(replies map[int]int) string {
	others := 0
	for status, n := range replies {
		switch status {
		case unanswered, http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		default:
			others += n
		}
	}
	return fmt.Sprintf("%d were answered with 401, %d with 429, %d with 503, %d otherwise", replies[http.StatusUnauthorized],
		replies[http.StatusTooManyRequests], replies[http.StatusServiceUnavailable], others)
}
