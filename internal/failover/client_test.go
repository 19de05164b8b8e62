// SPDX-License-Identifier: GPL-3.0-or-later

//go:build failover

package failover

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// serverPatience is how long a hub lets a request wait before it answers 503.
const serverPatience = 30 * time.Second

// rest is between two requests of a client, and before one is sent again.
const (
	rest       = 50 * time.Millisecond
	beforeNext = 200 * time.Millisecond
)

// client sends one request after the other, as phones and nodes do, and each again until it is
// answered.
type client struct {
	http.Client
	hubs     []string // it turns to the next when its hub does not answer, as a balancer would
	hub      int
	account  string
	password string
	ledger   *ledger
	mayLose  bool // connections, for a hub is killed
}

// request is one that may be sent again.
type request struct {
	method, path string
	body         string
	ifNone       string // If-None-Match
}

// send reports whether a request was done in the end.
func (c *client) send(r request) bool {
	_, ok := c.exchange(r)
	return ok
}

// exchange gives the header of the reply as well.
func (c *client) exchange(r request) (header http.Header, ok bool) {
	began := time.Now()
	for try := 0; time.Since(began) < longest; try++ {
		status, header := c.ask(r)
		switch {
		case isDone(r.method, try, status):
			return header, true
		case status == 0:
			c.hub++
		case status != http.StatusServiceUnavailable:
			c.ledger.fault("%s %s: %d", r.method, r.path, status)
			return nil, false
		}
		pause(beforeNext)
	}

	c.ledger.fault("%s %s: nobody has answered it", r.method, r.path)
	return nil, false
}

// isDone reports whether a status is the last one. Of a request that is sent again the first may have
// been done, without an answer.
func isDone(method string, try, status int) bool {
	switch {
	case try == 0 || status == 0:
		return status != 0 && status < 400
	case method == http.MethodDelete && status == http.StatusNotFound:
		return true
	case method == http.MethodPost && status == http.StatusPreconditionFailed:
		return true
	}
	return status < 400
}

// ask sends a request once. Where no hub is killed everybody is answered, and nobody is told to
// come again before the hub's patience has ended.
func (c *client) ask(r request) (status int, header http.Header) {
	began := time.Now()
	status, header, err := c.do(r)
	took := time.Since(began)
	c.ledger.answered(reply{time.Now(), took, r.method != http.MethodGet, status})

	if err != nil && !c.mayLose {
		c.ledger.fault("%s %s after %v: %v", r.method, r.path, took, err)
	}
	if status == http.StatusServiceUnavailable && took < serverPatience {
		c.ledger.fault("%s %s: 503 after %v", r.method, r.path, took)
	}
	return status, header
}

func (c *client) do(q request) (status int, header http.Header, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, q.method, c.hubs[c.hub%len(c.hubs)]+q.path, strings.NewReader(q.body))
	if err != nil {
		return 0, nil, err
	}
	r.GetBody = nil // the library would send it again by itself
	r.SetBasicAuth(c.account, c.password)
	if q.ifNone != "" {
		r.Header.Set("If-None-Match", q.ifNone)
	}

	answer, err := c.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	if err != nil {
		return 0, nil, err
	}
	return answer.StatusCode, answer.Header, nil
}

// text is a record as JSON.
func text(data map[string]any) string {
	written, err := json.Marshal(data)
	if err != nil {
		panic(err) // it is of texts and numbers
	}
	return string(written)
}
