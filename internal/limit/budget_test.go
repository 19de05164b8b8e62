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

const patience = 5 * time.Second

// holding makes a hold of so many bytes, which must be there at once.
func holding(t *testing.T, b *Budget, account string, bytes int64) *Hold {
	t.Helper()
	h := b.Open(account)
	began := time.Now()
	if err := h.Take(t.Context(), bytes); err != nil || time.Since(began) != 0 {
		t.Fatalf("%d bytes of %s: %v after %v", bytes, account, err, time.Since(began))
	}
	return h
}

// later takes bytes beside the test, and tells the outcome.
func later(t *testing.T, h *Hold, bytes int64) <-chan error {
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
		b := NewBudget(100, patience)
		one := holding(t, b, "A", 10)
		holding(t, b, "A", 15)
		outcome := later(t, b.Open("A"), 1)
		holding(t, b, "B", 25)
		if arrived(outcome) {
			t.Fatal("26 bytes of 100 went to one account")
		}
		one.Release()
		if !arrived(outcome) || <-outcome != nil {
			t.Error("what was given back did not go to its next request")
		}
	})
}

func TestAllAccountsTogetherHaveTheBudgetAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, patience)
		first := holding(t, b, "A", 25)
		for _, account := range []string{"B", "C", "D"} {
			holding(t, b, account, 25)
		}
		outcome := later(t, b.Open("E"), 1)
		if arrived(outcome) {
			t.Fatal("101 bytes of 100 were taken")
		}
		first.Release()
		if !arrived(outcome) || <-outcome != nil {
			t.Error("what was given back did not go to who waited")
		}
	})
}

func TestWaitingIsBoundedAndSaysWhenToComeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, patience)
		h := holding(t, b, "A", 25)
		began := time.Now()
		err := b.Open("A").Take(t.Context(), 1)
		var known *fed.Error
		if !errors.As(err, &known) || known.Kind != fed.Unavailable || known.Wait <= 0 {
			t.Errorf("got %v", err)
		}
		if waited := time.Since(began); waited != patience {
			t.Errorf("it waited for %v", waited)
		}
		h.Release()
		holding(t, b, "A", 25) // who gave up has nothing
	})
}

func TestWhoLeavesWaitsNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, patience)
		holding(t, b, "A", 25)
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		began := time.Now()
		if err := b.Open("A").Take(ctx, 1); !errors.Is(err, context.Canceled) || time.Since(began) != time.Second {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
	})
}

// Small claims would take every byte that is given back.
func TestALargeClaimIsNotOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, patience)
		holds := []*Hold{holding(t, b, "A", 25), holding(t, b, "B", 25), holding(t, b, "C", 25), holding(t, b, "D", 20)}
		large, small := later(t, b.Open("E"), 25), later(t, b.Open("F"), 5)
		if arrived(small) {
			t.Fatal("the small claim overtook")
		}
		holds[0].Release()
		if !arrived(large) || !arrived(small) {
			t.Error("there is room for both, and they wait")
		}
	})
}

func TestALargeClaimThatGivesUpIsInNobodysWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, patience)
		for _, account := range []string{"A", "B", "C"} {
			holding(t, b, account, 25)
		}
		holding(t, b, "D", 20)
		large := later(t, b.Open("E"), 25)
		time.Sleep(patience - 1)
		small := later(t, b.Open("F"), 5)
		time.Sleep(time.Nanosecond)
		if !arrived(large) || !arrived(small) || <-large == nil || <-small != nil {
			t.Error("the small claim still waits for the large one")
		}
	})
}

func TestWhoWaitsForTheOwnShareIsInNobodysWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, patience)
		holding(t, b, "A", 25)
		later(t, b.Open("A"), 25)
		holding(t, b, "B", 25)
		holding(t, b, "C", 25)
		holding(t, b, "D", 25)
	})
}

// A record of others may be larger than what one account may have.
func TestAHoldCountsForAShareAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, patience)
		h := holding(t, b, "A", 1000)
		if err := h.Take(t.Context(), 1000); err != nil {
			t.Fatal(err)
		}
		if err := b.Open("A").Take(t.Context(), 1); err == nil {
			t.Error("its account has more beside it")
		}
		holding(t, b, "B", 25)
		h.Release()
		holding(t, b, "A", 25)
	})
}

func TestEverythingComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100, patience)
		h := holding(t, b, "A", 5)
		if err := h.Take(t.Context(), 7); err != nil {
			t.Fatal(err)
		}
		h.Release()
		h.Release()
		if b.free != 100 || len(b.held) != 0 || len(b.waiting) != 0 {
			t.Errorf("%d bytes are free, and %d accounts hold some", b.free, len(b.held))
		}
	})
}
