// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	patience   = 2 * time.Minute        // until a request must have been answered
	comeAgain  = 300 * time.Millisecond // between two attempts
	replyLimit = time.Minute            // for one reply
	dialLimit  = 5 * time.Second        // for a connection
)

// password is that of all accounts but the first.
const password = "a password for everybody"

// client sends the requests of one account, to one hub after the other when they do not answer.
type client struct {
	http.Client
	connections       *http.Transport
	hubs              []string // URLs
	next              int      // of the hubs
	account, password string   // "": nobody's
	chance            *rand.Rand
	faults            *faults
	traffic           *traffic
}

// newClient makes a client, whose chance is of its name's own.
func (s *soak) newClient(account string) *client {
	secret := password
	if account == rootAccount {
		secret = rootPassword
	}
	c := &client{account: account, password: secret, faults: s.faults, traffic: s.traffic, chance: s.chance(account, 0)}
	c.hubs = []string{"http://" + s.site.steady.address, "http://" + s.site.mortal.address}
	c.next = c.chance.IntN(2)
	c.Timeout = replyLimit
	c.connections = &http.Transport{DialContext: (&net.Dialer{Timeout: dialLimit}).DialContext, DisableCompression: true}
	c.Transport = c.connections
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients = append(s.clients, c)
	return c
}

// request is one as clients send it. Header is names and values by turns.
type request struct {
	method, path, body string
	header             []string
}

func get(path string, header ...string) request { return request{http.MethodGet, path, "", header} }

// reply is a whole reply.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// try sends a request once. Without a whole reply there is an error, and nobody knows what
// became of the request.
func (c *client) try(ctx context.Context, q request) (reply, error) {
	r, err := http.NewRequestWithContext(ctx, q.method, c.hubs[c.next%len(c.hubs)]+q.path, strings.NewReader(q.body))
	if err != nil {
		return reply{}, fmt.Errorf("make the request: %w", err)
	}
	for pair := range slices.Chunk(q.header, 2) {
		r.Header.Set(pair[0], pair[1])
	}
	if c.account != "" {
		r.SetBasicAuth(c.account, c.password)
	}

	c.traffic.sent.Add(1)
	answer, err := c.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, answer.Header, body}, err
}

// ask sends a request until there is a reply to it, as phones and nodes do: one that got lost
// is sent again, to the other hub. A status that is not among those wanted is a fault.
// again says that an earlier attempt may have done it. It outlives the work: what was begun
// is to be known.
func (c *client) ask(ctx context.Context, q request, wanted ...int) (r reply, again bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	defer c.traffic.took(q, time.Now())
	for {
		r, err := c.try(ctx, q)
		switch {
		case err != nil:
			c.traffic.lost.Add(1)
		case r.status == http.StatusServiceUnavailable || r.status == http.StatusTooManyRequests:
			c.traffic.busy.Add(1)
		default:
			if !slices.Contains(wanted, r.status) {
				c.faults.add("%s %s of %q: status %d, want %v: %.300s", q.method, q.path, c.account, r.status, wanted, r.body)
			}
			return r, again
		}

		again = true
		c.next++
		if ctx.Err() != nil {
			c.faults.add("%s %s of %q: no answer within %v: %v %d", q.method, q.path, c.account, patience, err, r.status)
			return reply{}, again
		}
		pause(ctx, comeAgain)
	}
}

// pause waits that long, or until ctx ends.
func pause(ctx context.Context, long time.Duration) {
	select {
	case <-time.After(long):
	case <-ctx.Done():
	}
}

// ok reports whether the reply is a success.
func (r reply) ok() bool { return r.status >= 200 && r.status < 300 }
