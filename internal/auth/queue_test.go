// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"thalamus/internal/fed"
)

// turnOrder puts clients in a queue with one worker that is busy, and gives the order
// in which they get their turns.
func turnOrder(t *testing.T, standing func(client) int, clients ...client) (order []client) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, standing)
		if err := q.acquire(t.Context(), client{address: 999}); err != nil {
			t.Fatal(err)
		}

		var all sync.WaitGroup
		for _, c := range clients {
			all.Go(func() {
				if err := q.acquire(t.Context(), c); err != nil {
					t.Error(err)
				}

				order = append(order, c) // without a lock: turns come one at a time
				q.release()
			})
			synctest.Wait() // they come one after the other
		}

		q.release()
		all.Wait()
	})

	return order
}

func TestTheClientThatCameLessOftenGoesFirst(t *testing.T) {
	t.Parallel()
	equal := func(client) int { return 0 }
	hospital := func(account uint64) client { return client{address: 1, account: account, pair: 100 + account} }
	home, phone := client{address: 2, account: 50, pair: 1}, client{address: 3, account: 60, pair: 2}
	got := turnOrder(t, equal, hospital(10), hospital(10), hospital(11), home, phone)

	want := []client{home, phone, hospital(11), hospital(10), hospital(10)}
	if !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

func TestComingOftenIsAsBadAsFailing(t *testing.T) {
	t.Parallel()
	attacker, mistyped, known := client{address: 1}, client{address: 2}, client{address: 1, account: 9}

	got := turnOrder(t, func(c client) int {
		switch c {
		case mistyped:
			return 2
		case known:
			return -1
		}
		return 0
	}, attacker, attacker, attacker, mistyped, known)
	if got[0] != known || got[1] != mistyped {
		t.Errorf("order %v", got)
	}
}

func TestTheLowerPenaltyGoesFirst(t *testing.T) {
	t.Parallel()
	bad := client{address: 1, account: 10}
	good := client{address: 2, account: 20}

	got := turnOrder(t, func(c client) int { return int(2 - c.address) }, bad, bad, bad, good)
	if got[0] != good {
		t.Errorf("order %v", got)
	}
}

func TestWaitingHasAnEnd(t *testing.T) {
	t.Parallel()
	for standing, want := range map[int]string{lowPenalty: longQueueTimeout.String(), lowPenalty + 1: queueTimeout.String()} {
		synctest.Test(t, func(t *testing.T) {
			q := newQueue(1, func(client) int { return standing })
			if err := q.acquire(t.Context(), client{}); err != nil {
				t.Fatal(err)
			}

			started := now()
			err := q.acquire(t.Context(), client{})
			if waited := now().Sub(started).String(); fed.KindOf(err) != fed.Unavailable || waited != want {
				t.Errorf("standing %d: %v after %s, want %s", standing, err, waited, want)
			}

			q.release()
			if err := q.acquire(t.Context(), client{}); err != nil || len(q.waiting) != 0 {
				t.Errorf("the queue did not go on: %v, %d waiting", err, len(q.waiting))
			}
		})
	}
}

func TestAnAbandonedPlaceTakesNoTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, func(client) int { return 0 })
		if err := q.acquire(t.Context(), client{}); err != nil {
			t.Fatal(err)
		}

		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error)
		go func() { left <- q.acquire(ctx, client{}) }()
		synctest.Wait()
		cancel()

		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}

		q.release()
		if q.free != 1 || len(q.waiting) != 0 {
			t.Errorf("%d turns are free, %d wait", q.free, len(q.waiting))
		}
	})
}

func TestATurnThatComesTooLateIsGivenBack(t *testing.T) {
	t.Parallel()
	q := newQueue(1, func(client) int { return 0 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	for range 100 { // the turn is there and so is the end: either may win
		if err := q.acquire(ctx, client{}); err == nil {
			q.release()
		}
		if q.free != 1 {
			t.Fatalf("%d turns are free", q.free)
		}
	}
}

func TestTheQueueIsBounded(t *testing.T) {
	t.Parallel()
	q := newQueue(0, func(client) int { return 0 })
	for range maxQueue {
		if _, err := q.enqueue(client{}); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := q.enqueue(client{}); fed.KindOf(err) != fed.Unavailable {
		t.Errorf("one too many: %v", err)
	}
}

// Attackers come from a hundred addresses, ten times each, and more wait than
// the queue has places for.
func TestAFullQueueEvictsAnAttacker(t *testing.T) {
	t.Parallel()
	q := newQueue(0, func(client) int { return 0 })
	var waiting []*waiter

	for n := range uint64(maxQueue) {
		w, err := q.enqueue(client{address: n % 100, account: 1000 + n})
		if err != nil {
			t.Fatal(err)
		}

		waiting = append(waiting, w)
	}

	victim, err := q.enqueue(client{address: 500, account: 1000})
	if err != nil {
		t.Fatalf("the victim: %v", err)
	}

	gone := 0
	for _, w := range waiting {
		if len(w.turn) > 0 {
			gone++
			q.abandon(w) // at the same moment
		}
	}

	if gone != 1 || len(q.waiting) != maxQueue || q.free != 0 {
		t.Errorf("%d gave way, %d wait, %d turns are free", gone, len(q.waiting), q.free)
	}

	if _, err := q.enqueue(client{address: 7, account: 7}); fed.KindOf(err) != fed.Unavailable {
		t.Errorf("one more attacker: %v", err)
	}

	q.release()
	select {
	case err := <-victim.turn:
		if err != nil {
			t.Error(err)
		}
	default:
		t.Error("the victim is not the next")
	}
}

func TestAFewAttackersInAFullQueueAreEvictedInTheEnd(t *testing.T) {
	t.Parallel()
	q := newQueue(0, func(client) int { return 0 })
	for n := range uint64(maxQueue) {
		_, _ = q.enqueue(client{address: min(n, maxQueue-10)})
	}

	in := 0
	for n := range uint64(maxQueue/evictionSample + 1) {
		if _, err := q.enqueue(client{address: 2000 + n}); err == nil {
			in++
		}
	}

	if in == 0 {
		t.Error("no attacker was evicted")
	}
}

func TestAnEvictedClientTakesNoTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, func(c client) int { return int(c.address) })
		if err := q.acquire(t.Context(), client{}); err != nil {
			t.Fatal(err)
		}

		refused := make(chan error, maxQueue)
		ctx, cancel := context.WithCancel(t.Context())
		for range maxQueue {
			go func() { refused <- q.acquire(ctx, client{address: 1}) }()
		}

		synctest.Wait()
		go func() { refused <- q.acquire(ctx, client{}) }()
		synctest.Wait()

		if err := <-refused; fed.KindOf(err) != fed.Unavailable {
			t.Error(err)
		}

		cancel()
		synctest.Wait()
		q.release()

		if q.free != 1 || len(q.waiting) != 0 {
			t.Errorf("%d turns are free, %d wait", q.free, len(q.waiting))
		}
	})
}

func TestArrivalsCountedInTheQueueAreBoundedAndForgotten(t *testing.T) {
	t.Parallel()
	const most = 2 * maxQueue
	q := newQueue(0, func(client) int { return 0 })
	q.most = most
	for n := range uint64(2 * most) {
		_, _ = q.enqueue(client{address: n, account: n})
	}

	if len(q.addresses) != most || len(q.accounts) != most {
		t.Errorf("%d addresses and %d accounts are counted", len(q.addresses), len(q.accounts))
	}

	for range maxQueue {
		q.release()
	}

	if len(q.addresses)+len(q.accounts) != 0 {
		t.Error("they are counted when the queue is empty")
	}
}
