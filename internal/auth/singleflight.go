// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"sync"
)

// singleflight shares each comparison or hash that runs, or waits in the queue, among
// all callers that ask for the same one at the same time.
type singleflight struct {
	running sync.WaitGroup

	mu    sync.Mutex
	calls map[callKey]*call
}

// callKey says which callers ask for the same.
type callKey struct {
	cacheKey cacheKey
	hash     string // the stored one that a password is compared with
	caller   string // the account that has a new password hashed
}

// call is one comparison or hash, and its callers.
type call struct {
	done    chan struct{}
	hash    string // of a new password, once done
	err     error  // likewise
	callers int
	cancel  context.CancelFunc
}

// do runs fn once for all callers with the same key at the same time. When the last of
// them has gone, fn's context ends.
func (s *singleflight) do(ctx context.Context, key callKey, fn func(context.Context) (string, error)) (string, error) {
	c := s.join(ctx, key, fn)
	select {
	case <-c.done:
		return c.hash, c.err
	case <-ctx.Done():
		s.leave(key, c)
		return "", ctx.Err()
	}
}

// join adds a caller to the call of this key, and starts one if there is none.
func (s *singleflight) join(ctx context.Context, key callKey, fn func(context.Context) (string, error)) *call {
	s.mu.Lock()
	defer s.mu.Unlock()

	if c, ok := s.calls[key]; ok {
		c.callers++
		return c
	}

	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &call{done: make(chan struct{}), callers: 1, cancel: cancel}
	if s.calls == nil {
		s.calls = map[callKey]*call{}
	}
	s.calls[key] = c

	s.running.Go(func() {
		defer cancel()
		c.hash, c.err = fn(ctx)
		s.finish(key, c)
	})
	return c
}

// leave takes a caller away, and ends the call that has none left.
func (s *singleflight) leave(key callKey, c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()

	c.callers--
	if c.callers > 0 {
		return
	}
	c.cancel()
	s.remove(key, c)
}

// finish hands the outcome to the callers.
func (s *singleflight) finish(key callKey, c *call) {
	s.mu.Lock()
	s.remove(key, c)
	s.mu.Unlock()

	close(c.done)
}

// remove lets the next caller start a call of its own. The caller holds the lock.
func (s *singleflight) remove(key callKey, c *call) {
	if s.calls[key] == c {
		delete(s.calls, key)
	}
}
