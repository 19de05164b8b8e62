// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"thalamus/internal/fed"
)

func TestTooManyFailuresOfOneAccountFromOneAddressAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	for n := range pairRate.Burst {
		if got := f.login(t, attacker, "ANA", "wrong"+strconv.Itoa(n)); got != fed.Unauthenticated {
			t.Fatalf("failure %d: kind %d", n, got)
		}
	}

	_, err := f.Verify(t.Context(), attacker, "ANA", "secret12")
	var refused *fed.Error
	if !errors.As(err, &refused) || refused.Kind != fed.TooMany || refused.Wait != pairRate.Every {
		t.Errorf("the next one: %v, %+v", err, refused)
	}

	if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("from another address: kind %d", got)
	}

	f.clock.Add(int64(pairRate.Every / time.Second))
	if got := f.login(t, attacker, "ANA", "secret12"); got != -1 {
		t.Errorf("after the wait: kind %d", got)
	}
}

func TestAnAddressThatTriesManyAccountsIsRefusedUnknownOnesAlike(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.login(t, attacker, "ANA", "secret12") // she was here before

	for n := range addressRate.Burst {
		if got := f.login(t, attacker, fmt.Sprint("NOBODY", n), "x"); got != fed.Unauthenticated {
			t.Fatalf("account %d: kind %d", n, got)
		}
	}

	for _, id := range []string{"NOBODY", "BEN"} {
		if got := f.login(t, attacker, id, "x"); got != fed.TooMany {
			t.Errorf("one more account, %s: kind %d", id, got)
		}
	}

	if got := f.login(t, attacker, "ANA", "mistyped"); got != fed.Unauthenticated {
		t.Errorf("a known pair, mistyped: kind %d", got)
	}

	f.passwords.verified = map[digest]verifiedPassword{} // as after ten minutes
	if got := f.login(t, attacker, "ANA", "secret12"); got != -1 {
		t.Errorf("a known pair: kind %d", got)
	}
}

func TestASuccessResetsThePairsFailures(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4), func(o *Options) { o.Remember = 0 })
	for n := range 3 * pairRate.Burst {
		if n%5 == 4 {
			if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
				t.Fatalf("attempt %d: kind %d", n, got)
			}
			continue
		}
		f.login(t, phone, "ANA", "wrong"+strconv.Itoa(n))
	}
}

func TestCachedCredentialsAreNeverThrottled(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.login(t, phone, "ANA", "secret12")

	for n := range 2 * pairRate.Burst {
		f.login(t, phone, "ANA", "wrong"+strconv.Itoa(n))
		if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
			t.Fatalf("after %d failures: kind %d", n+1, got)
		}
	}
}

func TestThrottleFalseRefusesNoLogin(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4), func(o *Options) { o.Throttle = false })
	for n := range 3 * addressRate.Burst {
		if got := f.login(t, attacker, "ANA", "wrong"+strconv.Itoa(n)); got != fed.Unauthenticated {
			t.Fatalf("attempt %d: kind %d", n, got)
		}
	}
}

func TestAnAttackedAccountIsSlowNotClosedAndNotWhereItLoggedInBefore(t *testing.T) {
	t.Parallel()
	th := newThrottle(true, func() time.Time { return time.Unix(0, 0) })
	for n := range 1000 {
		th.failed(th.client(netip.AddrFrom4([4]byte{203, 0, byte(n >> 8), byte(n)}), "ANA"))
	}

	fresh := th.client(netip.MustParseAddr("198.51.100.1"), "ANA")
	if th.admit(fresh, th.now()) != nil || th.delay(fresh) != accountRate.Every {
		t.Errorf("a new address: %v, delay %v", th.admit(fresh, th.now()), th.delay(fresh))
	}

	th.succeeded(fresh)
	if th.delay(fresh) != 0 {
		t.Error("where she has logged in she must wait")
	}

	if th.delay(th.client(attacker, "BEN")) != 0 {
		t.Error("another account must wait")
	}
}

func TestAnIPv6NetworkIsOneAddress(t *testing.T) {
	t.Parallel()
	th := newThrottle(true, time.Now)

	address := func(text string) uint64 { return th.client(netip.MustParseAddr(text), "ANA").address }
	if address("2001:db8:1:2::1") != address("2001:db8:1:2:ffff::9") {
		t.Error("two addresses of a network differ")
	}

	if address("2001:db8:1:2::1") == address("2001:db8:1:3::1") {
		t.Error("two networks are the same")
	}

	if address("::ffff:192.0.2.7") != address("192.0.2.7") || address("fe80::1%eth0") != address("fe80::1") {
		t.Error("one address in two ways of writing differs")
	}
}

func TestAFloodOfUnknownClientsNeitherGrowsMemoryNorShutsTheVictimOut(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	for n := range 10_000 {
		from := netip.AddrFrom4([4]byte{203, 0, byte(n % 1000 >> 8), byte(n % 1000)})
		f.throttle.failed(f.throttle.client(from, fmt.Sprint("NOBODY", n)))
		f.throttle.failed(f.throttle.client(from, "ANA"))
	}

	for _, l := range []int{f.throttle.pairs.Len(), f.throttle.addresses.Len(), f.throttle.accounts.Len()} {
		if l > maxEntries {
			t.Errorf("%d keys are kept", l)
		}
	}

	f.throttle.succeeded(f.throttle.client(phone, "ANA"))
	if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("the victim: kind %d", got)
	}
}
