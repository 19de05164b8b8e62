// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"sync/atomic"

	"thalamus/internal/fed"
)

// Load is what logins have come to, and how many wait.
type Load struct {
	Right, Wrong, Throttled, Failed uint64    // logins until now; Failed: without an outcome, as the queue or the database had no time
	Passwords, Accounts             CacheHits // of the memory of compared passwords, and of accounts
	Queue                           int       // logins and new passwords that wait for bcrypt
}

// CacheHits are how often a cache had the answer, and how often not.
type CacheHits struct{ Hits, Misses uint64 }

// Load tells it as of now.
func (v *Verifier) Load() Load {
	c := &v.counters
	return Load{
		Right: c.right.Load(), Wrong: c.wrong.Load(), Throttled: c.throttled.Load(), Failed: c.failed.Load(),
		Passwords: c.passwords.load(), Accounts: v.Accounts.hits.load(), Queue: v.queue.length(),
	}
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// counters count logins by their outcome.
type counters struct {
	right, wrong, throttled, failed atomic.Uint64
	passwords                       cacheCounter
}

func (c *counters) count(err error) {
	if err == nil {
		c.right.Add(1)
		return
	}

	switch fed.KindOf(err) {
	case fed.Unauthenticated:
		c.wrong.Add(1)
	case fed.TooMany:
		c.throttled.Add(1)
	default:
		c.failed.Add(1)
	}
}

// cacheCounter counts the hits of a cache.
type cacheCounter struct{ hits, misses atomic.Uint64 }

func (c *cacheCounter) count(hit bool) {
	if hit {
		c.hits.Add(1)
		return
	}
	c.misses.Add(1)
}

func (c *cacheCounter) load() CacheHits { return CacheHits{c.hits.Load(), c.misses.Load()} }
