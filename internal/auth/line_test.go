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

func TestWhoCameLessOftenGoesFirst(t *testing.T) {
	t.Parallel()
	equal := func(party) int { return 0 }
	hospital := func(account uint64) party { return party{address: 1, account: account, pair: 100 + account} }
	home, phone := party{address: 2, account: 50, pair: 1}, party{address: 3, account: 60, pair: 2}
	got := queue(t, equal, hospital(10), hospital(10), hospital(11), home, phone)
	want := []party{home, phone, hospital(11), hospital(10), hospital(10)}
	if !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

func TestComingOftenIsAsBadAsFailing(t *testing.T) {
	t.Parallel()
	attacker, mistyped, guest := party{address: 1}, party{address: 2}, party{address: 1, account: 9}
	got := queue(t, func(p party) int {
		switch p {
		case mistyped:
			return 2
		case guest:
			return -1
		}
		return 0
	}, attacker, attacker, attacker, mistyped, guest)
	if got[0] != guest || got[1] != mistyped {
		t.Errorf("order %v", got)
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

func TestATurnThatComesTooLateIsGivenBack(t *testing.T) {
	t.Parallel()
	l := newLine(1, func(party) int { return 0 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 { // the turn is there and so is the end: either may win
		if err := l.enter(ctx, party{}); err == nil {
			l.leave()
		}
		if l.free != 1 {
			t.Fatalf("%d turns are free", l.free)
		}
	}
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

// Attackers come from a hundred addresses, ten times each, and more wait than
// the line has places for.
func TestInAFullLineAnAttackerGivesWay(t *testing.T) {
	t.Parallel()
	l := newLine(0, func(party) int { return 0 })
	var waiting []*waiter
	for n := range uint64(longestLine) {
		w, err := l.join(party{address: n % 100, account: 1000 + n})
		if err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, w)
	}
	victim, err := l.join(party{address: 500, account: 1000})
	if err != nil {
		t.Fatalf("the victim: %v", err)
	}
	gone := 0
	for _, w := range waiting {
		if len(w.turn) > 0 {
			gone++
			l.quit(w) // at the same moment
		}
	}
	if gone != 1 || len(l.waiting) != longestLine || l.free != 0 {
		t.Errorf("%d gave way, %d wait, %d turns are free", gone, len(l.waiting), l.free)
	}
	if _, err := l.join(party{address: 7, account: 7}); fed.KindOf(err) != fed.Unavailable {
		t.Errorf("one more attacker: %v", err)
	}
	l.leave()
	select {
	case err := <-victim.turn:
		if err != nil {
			t.Error(err)
		}
	default:
		t.Error("the victim is not the next")
	}
}

func TestAFewAttackersInAFullLineAreFoundInTheEnd(t *testing.T) {
	t.Parallel()
	l := newLine(0, func(party) int { return 0 })
	for n := range uint64(longestLine) {
		_, _ = l.join(party{address: min(n, longestLine-10)})
	}
	in := 0
	for n := range uint64(longestLine/glance + 1) {
		if _, err := l.join(party{address: 2000 + n}); err == nil {
			in++
		}
	}
	if in == 0 {
		t.Error("nobody had to give way")
	}
}

func TestWhoGivesWayTakesNoTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLine(1, func(p party) int { return int(p.address) })
		if err := l.enter(t.Context(), party{}); err != nil {
			t.Fatal(err)
		}
		refused := make(chan error, longestLine)
		ctx, cancel := context.WithCancel(t.Context())
		for range longestLine {
			go func() { refused <- l.enter(ctx, party{address: 1}) }()
		}
		synctest.Wait()
		go func() { refused <- l.enter(ctx, party{}) }()
		synctest.Wait()
		if err := <-refused; fed.KindOf(err) != fed.Unavailable {
			t.Error(err)
		}
		cancel()
		synctest.Wait()
		l.leave()
		if l.free != 1 || len(l.waiting) != 0 {
			t.Errorf("%d turns are free, %d wait", l.free, len(l.waiting))
		}
	})
}

func TestWhatIsCountedInTheLineIsBoundedAndForgotten(t *testing.T) {
	t.Parallel()
	l := newLine(0, func(party) int { return 0 })
	for n := range uint64(mostRemembered + 1000) {
		_, _ = l.join(party{address: n, account: n})
	}
	if len(l.addresses) != mostRemembered || len(l.accounts) != mostRemembered {
		t.Errorf("%d addresses and %d accounts are counted", len(l.addresses), len(l.accounts))
	}
	for range longestLine {
		l.leave()
	}
	if len(l.addresses)+len(l.accounts) != 0 {
		t.Error("they are counted when nobody waits")
	}
}
