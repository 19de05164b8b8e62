// SPDX-License-Identifier: GPL-3.0-or-later

package limit

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"thalamus/internal/fed"
)

const timeout = 5 * time.Second

// take makes a hold of so many bytes, which must be there at once.
func take(t *testing.T, b *Budget, account string, bytes int64) *Hold {
	t.Helper()
	h := b.Open(account)

	began := time.Now()
	if err := h.Take(t.Context(), bytes); err != nil || time.Since(began) != 0 {
		t.Fatalf("%d bytes of %s: %v after %v", bytes, account, err, time.Since(began))
	}

	return h
}

// takeLater takes bytes in a goroutine of its own, and gives the outcome.
func takeLater(t *testing.T, h *Hold, bytes int64) <-chan error {
	t.Helper()
	outcome := make(chan error, 1)
	go func() { outcome <- h.Take(t.Context(), bytes) }()
	synctest.Wait()
	return outcome
}

func arrived(outcome <-chan error) bool {
	synctest.Wait()
	return len(outcome) == 1
}

func TestAnAccountHasAQuarterAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		one := take(t, b, "A", 10)
		take(t, b, "A", 15)
		outcome := takeLater(t, b.Open("A"), 1)
		take(t, b, "B", 25)

		if arrived(outcome) {
			t.Fatal("26 bytes of 100 went to one account")
		}

		one.Release()
		if !arrived(outcome) || <-outcome != nil {
			t.Error("the released bytes did not go to its next request")
		}
	})
}

func TestAllAccountsTogetherHaveTheBudgetAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		first := take(t, b, "A", 25)
		for _, account := range []string{"B", "C", "D"} {
			take(t, b, account, 25)
		}

		outcome := takeLater(t, b.Open("E"), 1)
		if arrived(outcome) {
			t.Fatal("101 bytes of 100 were taken")
		}

		first.Release()
		if !arrived(outcome) || <-outcome != nil {
			t.Error("the released bytes did not go to the one that waited")
		}
	})
}

func TestWaitingIsBoundedAndSaysWhenToTryAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		h := take(t, b, "A", 25)
		began := time.Now()
		err := b.Open("A").Take(t.Context(), 1)

		var known *fed.Error
		if !errors.As(err, &known) || known.Kind != fed.Unavailable || known.Wait <= 0 {
			t.Errorf("got %v", err)
		}

		if waited := time.Since(began); waited != timeout {
			t.Errorf("it waited for %v", waited)
		}

		h.Release()
		take(t, b, "A", 25) // the claim that gave up holds nothing
	})
}

func TestACancelledRequestWaitsNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		take(t, b, "A", 25)
		ctx, release := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, release)

		began := time.Now()
		if err := b.Open("A").Take(ctx, 1); !errors.Is(err, context.Canceled) || time.Since(began) != time.Second {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
	})
}

// Small claims would take every byte that is given back.
func TestALargeClaimIsNotOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		holds := []*Hold{take(t, b, "A", 25), take(t, b, "B", 25), take(t, b, "C", 25), take(t, b, "D", 20)}

		large, small := takeLater(t, b.Open("E"), 25), takeLater(t, b.Open("F"), 5)
		if arrived(small) {
			t.Fatal("the small claim overtook")
		}

		holds[0].Release()
		if !arrived(large) || !arrived(small) {
			t.Error("there is room for both, and they wait")
		}
	})
}

func TestALargeClaimThatGivesUpBlocksNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		for _, account := range []string{"A", "B", "C"} {
			take(t, b, account, 25)
		}

		take(t, b, "D", 20)
		large := takeLater(t, b.Open("E"), 25)
		time.Sleep(timeout - 1)
		small := takeLater(t, b.Open("F"), 5)
		time.Sleep(time.Nanosecond)

		if !arrived(large) || !arrived(small) || <-large == nil || <-small != nil {
			t.Error("the small claim still waits for the large one")
		}
	})
}

func TestAClaimThatWaitsForItsOwnShareBlocksNoOtherAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		take(t, b, "A", 25)
		takeLater(t, b.Open("A"), 25)
		take(t, b, "B", 25)
		take(t, b, "C", 25)
		take(t, b, "D", 25)
	})
}

// A record of others may be larger than one account's share.
func TestAHoldCountsForAShareAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		h := take(t, b, "A", 1000)
		if err := h.Take(t.Context(), 1000); err != nil {
			t.Fatal(err)
		}

		if err := b.Open("A").Take(t.Context(), 1); err == nil {
			t.Error("its account has more beside it")
		}

		take(t, b, "B", 25)
		h.Release()
		take(t, b, "A", 25)
	})
}

func TestEverythingComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, timeout)
		h := take(t, b, "A", 5)
		if err := h.Take(t.Context(), 7); err != nil {
			t.Fatal(err)
		}

		h.Release()
		h.Release()
		if b.free != 100 || len(b.held) != 0 || len(b.queue) != 0 {
			t.Errorf("%d bytes are free, and %d accounts hold some", b.free, len(b.held))
		}
	})
}
