// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const replyLimit = 5 * time.Minute // for one reply, from its request on

// client is a client of net/http that keeps one connection.
type client struct {
	ctx  context.Context //nolint:containedctx // of all its requests
	http http.Client
	base string
}

// dial makes a client; the end of ctx ends its requests.
func dial(ctx context.Context, address string) *client {
	one := &http.Transport{MaxConnsPerHost: 1, MaxIdleConnsPerHost: 1, DisableCompression: true}
	return &client{ctx, http.Client{Transport: one, Timeout: replyLimit}, "http://" + address}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// ask sends a request and gives the status of the reply, whose body it drops.
func (c *client) ask(q request) (int, error) {
	status, body, err := c.open(q)
	if err != nil {
		return 0, err
	}
	defer body.Close()
	if _, err := io.Copy(io.Discard, body); err != nil {
		return 0, fmt.Errorf("read the reply: %w", err)
	}
	return status, nil
}

// demand is ask for a reply that must be a success.
func (c *client) demand(q request) error {
	status, err := c.ask(q)
	if err == nil && (status < 200 || status > 299) {
		return fmt.Errorf("%s %s: %w", q.method, q.path, statusError(status))
	}
	return err
}

// statusError is the status of a reply that should have been another.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("status %d", int(e)) }

// open sends a request and gives the reply's body, to be read to its end before
// the next request.
func (c *client) open(q request) (status int, body io.ReadCloser, err error) {
	reply, err := c.send(q)
	if err != nil {
		return 0, nil, err
	}
	return reply.StatusCode, reply.Body, nil
}

// send is open for who wants all of the reply.
func (c *client) send(q request) (*http.Response, error) {
	r, err := http.NewRequestWithContext(c.ctx, q.method, c.base+q.path, strings.NewReader(q.body)) //nolint:gosec // to the servers that were started here
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	r.Header = q.header
	reply, err := c.http.Do(r) //nolint:gosec // likewise
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	return reply, nil
}
