// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
)

// guesser tries passwords of accounts that are there and of some that are not, from an address
// of its own. It is never let in.
type guesser struct {
	soak  *soak
	known *directory
}

func (g *guesser) run(ctx context.Context) {
	c := g.soak.newClient("")
	c.connections.DialContext = (&net.Dialer{Timeout: dialLimit, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 66)}}).DialContext
	g.soak.loop(ctx, c.chance, func(ctx context.Context) { g.guess(ctx, c) })
}

// guess sends one guess. One that is not answered is not sent again.
func (g *guesser) guess(ctx context.Context, c *client) {
	c.account = g.known.pick(c.chance)
	if c.account == "" || c.chance.IntN(3) == 0 {
		c.account = fmt.Sprintf("NOBODY%d", c.chance.IntN(1000))
	}
	c.password = fmt.Sprintf("guess %d", rand.IntN(1e6))
	c.next++

	r, err := c.try(ctx, get("/people/"+c.account))
	switch {
	case err != nil: // the hub is away, or the work has ended
	case r.status == http.StatusUnauthorized || r.status == http.StatusTooManyRequests || r.status == http.StatusServiceUnavailable:
		c.traffic.refused.Add(1)
	default:
		g.soak.faults.add("a guessed password of %s got %d", c.account, r.status)
	}
}
