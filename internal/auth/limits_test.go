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

// retryAfter is the wait that a refused login is told; 0 if it is not refused.
func (f *fixture) retryAfter(t *testing.T, from netip.Addr, id, password string) time.Duration {
	t.Helper()
	_, err := f.Verify(t.Context(), from, id, password)

	var refused *fed.Error
	if errors.As(err, &refused) && refused.Kind == fed.TooMany {
		return refused.Wait
	}

	return 0
}

// The README and the manual name these numbers.
func TestTenWrongPasswordsAndThenOneAMinute(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	tried := 0
	next := func() time.Duration {
		tried++
		return f.retryAfter(t, attacker, "ANA", strconv.Itoa(tried))
	}

	for range 10 {
		if wait := next(); wait != 0 {
			t.Fatalf("password %d waits %v", tried, wait)
		}
	}

	wantWaits(t, f, next, time.Minute)
}

// wantWaits lets three logins wait for so long, one after another, and tries too early as well.
func wantWaits(t *testing.T, f *fixture, next func() time.Duration, want time.Duration) {
	t.Helper()
	for range 3 {
		if wait := next(); wait != want {
			t.Errorf("the wait is %v", wait)
		}

		f.advance(want - time.Second)
		if wait := next(); wait != time.Second {
			t.Errorf("a second before its end it is %v", wait)
		}

		f.advance(time.Second)
		if wait := next(); wait != 0 {
			t.Errorf("at its end it is %v", wait)
		}
	}
}

func TestThirtyAccountsOfAnAddressAndThenOneEveryTenSeconds(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	tried := 0
	next := func() time.Duration {
		tried++
		return f.retryAfter(t, attacker, fmt.Sprint("NOBODY", tried), "x")
	}

	for range 30 {
		if wait := next(); wait != 0 {
			t.Fatalf("account %d waits %v", tried, wait)
		}
	}

	if got := f.login(t, attacker, "NOBODY1", "x"); got != fed.Unauthenticated {
		t.Errorf("the same wrong password again: kind %d", got)
	}

	wantWaits(t, f, next, 10*time.Second)
	if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("another address: kind %d", got)
	}
}

func TestAnAccountIsDelayedAfterTwentyFailuresFromEverywhere(t *testing.T) {
	t.Parallel()
	f := newFixture(t, nil)
	fail := func(n int) {
		f.throttle.failed(f.throttle.client(netip.AddrFrom4([4]byte{203, 0, 113, byte(n)}), "ANA"))
	}

	fresh := f.throttle.client(phone, "ANA")
	for n := range 20 {
		if delay := f.throttle.delay(fresh); delay != 0 {
			t.Errorf("after %d failures the delay is %v", n, delay)
		}
		fail(n)
	}

	if delay := f.throttle.delay(fresh); delay != 5*time.Second {
		t.Errorf("the delay is %v", delay)
	}

	f.advance(5 * time.Second)
	if delay := f.throttle.delay(fresh); delay != 0 {
		t.Errorf("5 s later the delay is %v", delay)
	}
}

func TestAQueuedLoginIsNotComparedOnceOthersHaveFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, anaWith(t, 4), func(o *Options) { o.Workers = 1 })
		if err := f.queue.acquire(t.Context(), client{}); err != nil {
			t.Fatal(err)
		}

		outcomes := make(chan fed.Kind, 15)
		for n := range cap(outcomes) {
			go func() { outcomes <- f.login(t, attacker, "ANA", strconv.Itoa(n)) }()
		}

		synctest.Wait()
		f.queue.release()
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

	f := newFixture(t, table)
	for n := range 200 {
		id := fmt.Sprint("P", n)
		if n%5 == 0 {
			for f.login(t, phone, id, "mistyped") == fed.TooMany {
				f.advance(time.Second) // as Retry-After says
			}
		}

		waited := 0
		for f.login(t, phone, id, "secret12") != -1 {
			f.advance(time.Second)
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
			f := newFixture(t, nil, func(o *Options) { o.Workers = workers })
			release := make(chan struct{})
			var mu sync.Mutex
			running := 0
			f.compare = func(string, string) bool {
				mu.Lock()
				running++
				mu.Unlock()
				<-release
				return false
			}

			for n := range 5 {
				go func() { _, _ = f.Verify(context.Background(), phone, strconv.Itoa(n), "x") }()
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
