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

// queue puts parties in a line with one worker who is busy, and gives the order
// in which they get their turns.
func queue(t *testing.T, standing func(party) int, parties ...party) (order []party) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1, standing)
		if err := l.enter(t.Context(), party{address: 999}); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for _, p := range parties {
			all.Go(func() {
				if err := l.enter(t.Context(), p); err != nil {
					t.Error(err)
				}
				order = append(order, p) // one at a time: that is what the line is for
				l.leave()
			})
			synctest.Wait() // they come one after the other
		}
		l.leave()
		all.Wait()
	})
	return order
}

func TestTheLineIsFairToAddressesAndAccounts(t *testing.T) {
	t.Parallel()
	equal := func(party) int { return 0 }
	hospital := func(account uint64) party { return party{address: 1, account: account, pair: 100 + account} }
	home := party{address: 2, account: 50, pair: 1}
	got := queue(t, equal, hospital(10), hospital(10), hospital(11), home)
	want := []party{hospital(10), home, hospital(11), hospital(10)}
	if !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

func TestBetterStandingGoesFirst(t *testing.T) {
	t.Parallel()
	bad := party{address: 1, account: 10}
	good := party{address: 2, account: 20}
	got := queue(t, func(p party) int { return int(2 - p.address) }, bad, bad, bad, good)
	if got[0] != good {
		t.Errorf("order %v", got)
	}
}

func TestWaitingHasAnEnd(t *testing.T) {
	t.Parallel()
	for standing, want := range map[int]string{goodStanding: goodPatience.String(), goodStanding + 1: patience.String()} {
		synctest.Test(t, func(t *testing.T) {
			l := newLine(1, func(party) int { return standing })
			if err := l.enter(t.Context(), party{}); err != nil {
				t.Fatal(err)
			}
			started := now()
			err := l.enter(t.Context(), party{})
			if waited := now().Sub(started).String(); fed.KindOf(err) != fed.Unavailable || waited != want {
				t.Errorf("standing %d: %v after %s, want %s", standing, err, waited, want)
			}
			l.leave()
			if err := l.enter(t.Context(), party{}); err != nil || len(l.waiting) != 0 {
				t.Errorf("the line did not go on: %v, %d waiting", err, len(l.waiting))
			}
		})
	}
}

func TestWhoLeavesTheLineTakesNoTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1, func(party) int { return 0 })
		if err := l.enter(t.Context(), party{}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error)
		go func() { left <- l.enter(ctx, party{}) }()
		synctest.Wait()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		l.leave()
		if l.free != 1 || len(l.waiting) != 0 {
			t.Errorf("%d turns are free, %d wait", l.free, len(l.waiting))
		}
	})
}

func TestTheLineIsBounded(t *testing.T) {
	t.Parallel()
	l := newLine(0, func(party) int { return 0 })
	for range longestLine {
		if _, err := l.join(party{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.join(party{}); fed.KindOf(err) != fed.Unavailable {
		t.Errorf("one too many: %v", err)
	}
}
