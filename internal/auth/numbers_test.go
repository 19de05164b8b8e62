// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"thalamus/internal/fed"
)

// waiting gives how long a refused login is told to wait; 0 if it is not refused.
func (b *bench) waiting(t *testing.T, from netip.Addr, id, password string) time.Duration {
	t.Helper()
	_, err := b.Verify(t.Context(), from, id, password)
	var refused *fed.Error
	if errors.As(err, &refused) && refused.Kind == fed.TooMany {
		return refused.Wait
	}
	return 0
}

// The README tells these numbers.
func TestTenWrongPasswordsAndThenOneAMinute(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	tried := 0
	next := func() time.Duration {
		tried++
		return b.waiting(t, attacker, "ANA", strconv.Itoa(tried))
	}
	for range 10 {
		if wait := next(); wait != 0 {
			t.Fatalf("password %d waits %v", tried, wait)
		}
	}
	wantWaits(t, b, next, time.Minute)
}

// wantWaits lets three wait for so long, one after another, and knocks too early as well.
func wantWaits(t *testing.T, b *bench, next func() time.Duration, want time.Duration) {
	t.Helper()
	for range 3 {
		if wait := next(); wait != want {
			t.Errorf("the wait is %v", wait)
		}
		b.pass(want - time.Second)
		if wait := next(); wait != time.Second {
			t.Errorf("a second before its end it is %v", wait)
		}
		b.pass(time.Second)
		if wait := next(); wait != 0 {
			t.Errorf("at its end it is %v", wait)
		}
	}
}

func TestThirtyAccountsOfAnAddressAndThenOneEveryTenSeconds(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	tried := 0
	next := func() time.Duration {
		tried++
		return b.waiting(t, attacker, fmt.Sprint("NOBODY", tried), "x")
	}
	for range 30 {
		if wait := next(); wait != 0 {
			t.Fatalf("account %d waits %v", tried, wait)
		}
	}
	if got := b.login(t, attacker, "NOBODY1", "x"); got != fed.Unauthenticated {
		t.Errorf("the same wrong password again: kind %d", got)
	}
	wantWaits(t, b, next, 10*time.Second)
	if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("another address: kind %d", got)
	}
}

func TestAnAccountIsHeldBackAfterTwentyFailuresFromEverywhere(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	fail := func(n int) {
		b.throttle.failed(b.throttle.party(netip.AddrFrom4([4]byte{203, 0, 113, byte(n)}), "ANA"))
	}
	fresh := b.throttle.party(phone, "ANA")
	for n := range 20 {
		if pause := b.throttle.pause(fresh); pause != 0 {
			t.Errorf("after %d failures the pause is %v", n, pause)
		}
		fail(n)
	}
	if pause := b.throttle.pause(fresh); pause != 5*time.Second {
		t.Errorf("the pause is %v", pause)
	}
	b.pass(5 * time.Second)
	if pause := b.throttle.pause(fresh); pause != 0 {
		t.Errorf("5 s later the pause is %v", pause)
	}
}

func TestWhatWaitsInLineIsNotComparedOnceOthersHaveFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, anaWith(t, 4), func(o *Options) { o.Workers = 1 })
		if err := b.line.enter(t.Context(), party{}); err != nil {
			t.Fatal(err)
		}
		outcomes := make(chan fed.Kind, 15)
		for n := range cap(outcomes) {
			go func() { outcomes <- b.login(t, attacker, "ANA", strconv.Itoa(n)) }()
		}
		synctest.Wait()
		b.line.leave()
		kinds := map[fed.Kind]int{}
		for range cap(outcomes) {
			kinds[<-outcomes]++
		}
		if kinds[fed.Unauthenticated] != pairRate.Burst || kinds[fed.TooMany] != cap(outcomes)-pairRate.Burst {
			t.Errorf("kinds %v", kinds)
		}
	})
}

// Of two hundred behind one address forty mistype at first.
func TestAHospitalLogsInAtEightInTheMorning(t *testing.T) {
	t.Parallel()
	hash, table := hashOf(t, "secret12", 4), map[string]fed.Credentials{}
	for n := range 200 {
		table[fmt.Sprint("P", n)] = fed.Credentials{Hash: hash}
	}
	b := newBench(t, table)
	for n := range 200 {
		id := fmt.Sprint("P", n)
		if n%5 == 0 {
			for b.login(t, phone, id, "mistyped") == fed.TooMany {
				b.pass(time.Second) // as Retry-After says
			}
		}
		waited := 0
		for b.login(t, phone, id, "secret12") != -1 {
			b.pass(time.Second)
			waited++
		}
		if waited > 10 {
			t.Errorf("%s waited %d s", id, waited)
		}
	}
}

func TestWorkersAreComparisonsAtOnce(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, nil, func(o *Options) { o.Workers = workers })
			release := make(chan struct{})
			var mu sync.Mutex
			running := 0
			b.compare = func(string, string) bool {
				mu.Lock()
				running++
				mu.Unlock()
				<-release
				return false
			}
			for n := range 5 {
				go func() { _, _ = b.Verify(context.Background(), phone, strconv.Itoa(n), "x") }()
			}
			synctest.Wait()
			if running != workers {
				t.Errorf("%d comparisons at once, want %d", running, workers)
			}
			close(release)
			synctest.Wait()
		})
	}
}
