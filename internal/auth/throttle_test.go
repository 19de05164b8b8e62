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
	b := newBench(t, anaWith(t, 4))
	for n := range pairRate.Burst {
		if got := b.login(t, attacker, "ANA", "wrong"+strconv.Itoa(n)); got != fed.Unauthenticated {
			t.Fatalf("failure %d: kind %d", n, got)
		}
	}
	_, err := b.Verify(t.Context(), attacker, "ANA", "secret12")
	var refused *fed.Error
	if !errors.As(err, &refused) || refused.Kind != fed.TooMany || refused.Wait != pairRate.Every {
		t.Errorf("the next one: %v, %+v", err, refused)
	}
	if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("from another address: kind %d", got)
	}
	b.clock.Add(int64(pairRate.Every / time.Second))
	if got := b.login(t, attacker, "ANA", "secret12"); got != -1 {
		t.Errorf("after the wait: kind %d", got)
	}
}

func TestAnAddressThatTriesManyAccountsIsRefusedUnknownOnesAlike(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.login(t, attacker, "ANA", "secret12") // she was here before
	for n := range addressRate.Burst {
		if got := b.login(t, attacker, fmt.Sprint("NOBODY", n), "x"); got != fed.Unauthenticated {
			t.Fatalf("account %d: kind %d", n, got)
		}
	}
	for _, id := range []string{"NOBODY", "BEN"} {
		if got := b.login(t, attacker, id, "x"); got != fed.TooMany {
			t.Errorf("one more account, %s: kind %d", id, got)
		}
	}
	if got := b.login(t, attacker, "ANA", "mistyped"); got != fed.Unauthenticated {
		t.Errorf("who was here before, mistyped: kind %d", got)
	}
	b.memory.rights = map[digest]right{} // as after ten minutes
	if got := b.login(t, attacker, "ANA", "secret12"); got != -1 {
		t.Errorf("who was here before: kind %d", got)
	}
}

func TestASuccessForgivesThePair(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4), func(o *Options) { o.Remember = 0 })
	for n := range 3 * pairRate.Burst {
		if n%5 == 4 {
			if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
				t.Fatalf("attempt %d: kind %d", n, got)
			}
			continue
		}
		b.login(t, phone, "ANA", "wrong"+strconv.Itoa(n))
	}
}

func TestRememberedCredentialsAreNeverThrottled(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.login(t, phone, "ANA", "secret12")
	for n := range 2 * pairRate.Burst {
		b.login(t, phone, "ANA", "wrong"+strconv.Itoa(n))
		if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
			t.Fatalf("after %d failures: kind %d", n+1, got)
		}
	}
}

func TestThrottleFalseRefusesNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4), func(o *Options) { o.Throttle = false })
	for n := range 3 * addressRate.Burst {
		if got := b.login(t, attacker, "ANA", "wrong"+strconv.Itoa(n)); got != fed.Unauthenticated {
			t.Fatalf("attempt %d: kind %d", n, got)
		}
	}
}

func TestABesiegedAccountIsSlowNotClosedAndNotWhereItLoggedInBefore(t *testing.T) {
	t.Parallel()
	th := newThrottle(true, func() time.Time { return time.Unix(0, 0) })
	for n := range 1000 {
		th.failed(th.party(netip.AddrFrom4([4]byte{203, 0, byte(n >> 8), byte(n)}), "ANA"))
	}
	fresh := th.party(netip.MustParseAddr("198.51.100.1"), "ANA")
	if th.admit(fresh, th.now()) != nil || th.pause(fresh) != accountRate.Every {
		t.Errorf("a new address: %v, pause %v", th.admit(fresh, th.now()), th.pause(fresh))
	}
	th.succeeded(fresh)
	if th.pause(fresh) != 0 {
		t.Error("where she has logged in she must wait")
	}
	if th.pause(th.party(attacker, "BEN")) != 0 {
		t.Error("another account must wait")
	}
}

func TestAnIPv6NetworkIsOneAddress(t *testing.T) {
	t.Parallel()
	th := newThrottle(true, time.Now)
	party := func(text string) uint64 { return th.party(netip.MustParseAddr(text), "ANA").address }
	if party("2001:db8:1:2::1") != party("2001:db8:1:2:ffff::9") {
		t.Error("two addresses of a network differ")
	}
	if party("2001:db8:1:2::1") == party("2001:db8:1:3::1") {
		t.Error("two networks are the same")
	}
	if party("::ffff:192.0.2.7") != party("192.0.2.7") || party("fe80::1%eth0") != party("fe80::1") {
		t.Error("one address in two ways of writing differs")
	}
}

func TestAFloodOfStrangersNeitherGrowsMemoryNorShutsTheVictimOut(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	for n := range 10_000 {
		from := netip.AddrFrom4([4]byte{203, 0, byte(n % 1000 >> 8), byte(n % 1000)})
		b.throttle.failed(b.throttle.party(from, fmt.Sprint("NOBODY", n)))
		b.throttle.failed(b.throttle.party(from, "ANA"))
	}
	for _, l := range []int{b.throttle.pairs.Len(), b.throttle.addresses.Len(), b.throttle.accounts.Len()} {
		if l > mostRemembered {
			t.Errorf("%d keys are kept", l)
		}
	}
	b.throttle.succeeded(b.throttle.party(phone, "ANA"))
	if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("the victim: kind %d", got)
	}
}
