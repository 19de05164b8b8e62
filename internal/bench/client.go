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

// client keeps the connections that it needed at once. It is the hospital's node,
// unless as makes it another.
type client struct {
	http.Client
	base    string
	account string
}

// request is a request as the node sends it.
type request struct{ method, path, body string }

func get(path string) request { return request{http.MethodGet, path, ""} }

func newClient(address string) client {
	keep := &http.Transport{MaxIdleConnsPerHost: 2 * waitingStreams, DisableCompression: true}
	return client{http.Client{Transport: keep, Timeout: replyLimit}, "http://" + address, node}
}

// as is the client of another account, or of nobody's: "".
func (c *client) as(account string) *client {
	other := *c
	other.account = account
	return &other
}

// open sends a request and gives the reply to it, whose body is the caller's to
// close. A reply that is not a success is an error.
func (c *client) open(ctx context.Context, q request, header ...string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, q.method, c.base+q.path, strings.NewReader(q.body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	if c.account != "" {
		r.SetBasicAuth(c.account, password)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}

	reply, err := c.Do(r)
	if err != nil {
		return nil, fmt.Errorf("send the request: %w", err)
	}
	if reply.StatusCode < 200 || reply.StatusCode > 299 {
		_ = reply.Body.Close()
		return nil, fmt.Errorf("%s %s: status %d", q.method, q.path, reply.StatusCode)
	}
	return reply, nil
}

// read writes the body of the reply to w, and gives its header.
func (c *client) read(ctx context.Context, q request, w io.Writer) (http.Header, error) {
	reply, err := c.open(ctx, q)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()

	_, err = io.Copy(w, reply.Body)
	if err != nil {
		return nil, fmt.Errorf("read the reply: %w", err)
	}
	return reply.Header, nil
}

// time tells how long the whole reply takes.
func (c *client) time(ctx context.Context, q request) (time.Duration, error) {
	begun := time.Now()
	_, err := c.read(ctx, q, io.Discard)
	return time.Since(begun), err
}
