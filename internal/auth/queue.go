// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"slices"
	"sync"
	"time"

	"thalamus/internal/fed"
)

// How long a login waits for its comparison. A client with hardly any failures
// waits longer: after a restart everybody comes at once, and two hundred
// comparisons take a minute of a core.
const (
	queueTimeout     = 20 * time.Second
	longQueueTimeout = 80 * time.Second
	lowPenalty       = 3
	maxQueue         = 1000
)

// evictionSample is how many waiters of a full queue are compared with a newcomer.
const evictionSample = 32

// errBusy refuses a login that had no turn in time, or had to give way.
var errBusy = &fed.Error{Kind: fed.Unavailable, Msg: "Too many people log in at the moment; try again.", Wait: queueTimeout}

// queue lets a number of bcrypt comparisons run at once and orders the logins that wait:
// known pairs first, then addresses that failed and came less often, then accounts that
// came less often, then first come, first served; new passwords are behind all logins.
// Each arrival counts, also of a client that was evicted or has hung up: that tells an
// attacker from the victim before either was compared.
type queue struct {
	penalty func(client) int
	most    int // addresses, and accounts, whose arrivals are counted

	mu        sync.Mutex
	free      int
	waiting   []*waiter
	cursor    int            // where a full queue was sampled last
	addresses map[uint64]int // arrivals of each while the queue is in use
	accounts  map[uint64]int // likewise
}

// waiter is a login, or a new password, in the queue.
type waiter struct {
	client client
	turn   chan error // gets nil for a turn, errBusy for an eviction
}

func newQueue(workers int, penalty func(client) int) *queue {
	q := &queue{penalty: penalty, most: maxEntries, free: workers}
	q.resetCounts()
	return q
}

func (q *queue) resetCounts() { q.addresses, q.accounts = map[uint64]int{}, map[uint64]int{} }

// acquire waits for a turn. It is Unavailable when none comes in time.
func (q *queue) acquire(ctx context.Context, c client) error {
	w, err := q.enqueue(c)
	if err != nil {
		return err
	}

	timer := time.NewTimer(q.timeout(c))
	defer timer.Stop()

	select {
	case err := <-w.turn:
		return err
	case <-ctx.Done():
		err = ctx.Err()
	case <-timer.C:
		err = errBusy
	}

	q.abandon(w)
	return err
}

func (q *queue) timeout(c client) time.Duration {
	if q.penalty(c) <= lowPenalty {
		return longQueueTimeout
	}
	return queueTimeout
}

// enqueue appends a waiter. In a full queue it evicts another one, or is Unavailable.
func (q *queue) enqueue(c client) (*waiter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()

	if !c.newPassword { // a new password does not worsen the priority of logins
		q.countArrival(q.addresses, c.address)
		q.countArrival(q.accounts, c.account)
	}
	if len(q.waiting) >= maxQueue {
		evicted := q.evict(c)
		if !evicted {
			return nil, errBusy
		}
	}

	w := &waiter{client: c, turn: make(chan error, 1)}
	q.waiting = append(q.waiting, w)
	q.dispatch()
	return w, nil
}

func (q *queue) countArrival(arrivals map[uint64]int, key uint64) {
	evictIfFull(arrivals, key, q.most)
	arrivals[key]++
}

// evict sends away the worst of a sample of the waiters, if the client is better than
// that one. Comparing with all of them would help a flood.
func (q *queue) evict(c client) bool {
	worst, highest := -1, q.priority(c)
	for range evictionSample {
		q.cursor = (q.cursor + 1) % len(q.waiting)
		p := q.priority(q.waiting[q.cursor].client)
		if slices.Compare(p[:], highest[:]) > 0 {
			worst, highest = q.cursor, p
		}
	}
	if worst < 0 {
		return false
	}

	q.dequeue(worst, errBusy)
	return true
}

// dequeue takes a waiter out of the queue and ends its waiting with this outcome.
func (q *queue) dequeue(i int, outcome error) {
	q.waiting[i].turn <- outcome
	q.waiting = slices.Delete(q.waiting, i, i+1)
}

// abandon takes out a waiter that stopped waiting. A turn that came at the last moment
// is given back.
func (q *queue) abandon(w *waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()

	i := slices.Index(q.waiting, w)
	if i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		return
	}

	outcome := <-w.turn
	if outcome == nil {
		q.free++
		q.dispatch()
	}
}

// release ends a turn.
func (q *queue) release() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.free++
	q.dispatch()
}

// dispatch gives free turns to the first in the queue. The caller holds the lock.
func (q *queue) dispatch() {
	for q.free > 0 && len(q.waiting) > 0 {
		q.free--
		q.dequeue(q.first(), nil)
	}
	if len(q.waiting) == 0 {
		q.resetCounts()
	}
}

// first finds the waiter that is next; the waiters stand in the order of their arrival.
func (q *queue) first() (first int) {
	lowest := q.priority(q.waiting[0].client)
	for i, w := range q.waiting[1:] {
		p := q.priority(w.client)
		if slices.Compare(p[:], lowest[:]) < 0 {
			first, lowest = i+1, p
		}
	}
	return first
}

// priority orders clients: lower is better.
func (q *queue) priority(c client) [4]int {
	penalty, newPassword := q.penalty(c), 0
	if c.newPassword {
		newPassword = 1
	}
	return [4]int{newPassword, min(penalty, 0), max(penalty, 0) + q.addresses[c.address], q.accounts[c.account]}
}
