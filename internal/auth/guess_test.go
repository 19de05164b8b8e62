// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"net/netip"
	"strconv"
	"testing"
	"time"

	"thalamus/internal/fed"
)

// pass moves the clock.
func (b *bench) pass(d time.Duration) { b.clock.Add(int64(d / time.Second)) }

// besiege fails at Ana's account with as many different passwords as a pair may.
func (b *bench) besiege(t *testing.T, from netip.Addr) {
	t.Helper()
	for n := range pairRate.Burst {
		if got := b.login(t, from, "ANA", "siege"+strconv.Itoa(n)); got != fed.Unauthenticated {
			t.Fatalf("failure %d: kind %d", n, got)
		}
	}
}

// guesses tries a hundred thousand passwords, the right one among them, and gives how
// many were answered otherwise than with 429.
func (b *bench) guesses(t *testing.T, from netip.Addr, right string) (others int) {
	t.Helper()
	for n := range 100_000 {
		password := strconv.Itoa(n)
		if n == 70_000 {
			password = right
		}
		if b.login(t, from, "ANA", password) != fed.TooMany {
			others++
		}
	}
	return others
}

func TestAThrottledPairIsNoOracle(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]netip.Addr{"where she logs in": phone, "elsewhere": attacker} {
		b := newBench(t, anaWith(t, testCost))
		b.Accounts.Heard(b.now())
		b.login(t, phone, "ANA", "secret12")
		b.besiege(t, from)
		lookups, compared := b.lookups.Load(), b.compared.Load()
		if others := b.guesses(t, from, "secret12"); others != 0 {
			t.Errorf("%s %d guesses were answered otherwise", name, others)
		}
		if b.lookups.Load() != lookups || b.compared.Load() != compared {
			t.Errorf("%s a refusal asked the database or was compared", name)
		}
	}
}

// Her own logins use up looks, and must not show a guesser which one was right.
func TestOnceTheRationIsUsedUpEvenAPasswordThatWasLookedAtWaits(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.login(t, phone, "ANA", "secret12")
	b.besiege(t, phone)
	for range 3 * mostLooks {
		if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
			t.Fatalf("her own password: kind %d", got)
		}
	}
	for n := range mostLooks - 2 {
		b.login(t, phone, "ANA", strconv.Itoa(n))
	}
	if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("with one look left: kind %d", got)
	}
	b.login(t, phone, "ANA", "the hundredth")
	if got := b.login(t, phone, "ANA", "secret12"); got != fed.TooMany {
		t.Errorf("with no look left: kind %d", got)
	}
	if others := b.guesses(t, phone, "secret12"); others != 0 {
		t.Errorf("%d guesses were answered otherwise", others)
	}
	for _, step := range []struct {
		after time.Duration
		want  fed.Kind
	}{{looksFor - time.Second, fed.TooMany}, {time.Second, -1}} {
		b.pass(step.after - time.Second)
		for b.throttle.admit(b.throttle.party(phone, "ANA"), b.now()) == nil { // it stays under attack
			b.throttle.failed(b.throttle.party(phone, "ANA"))
		}
		b.pass(time.Second)
		for b.throttle.admit(b.throttle.party(phone, "ANA"), b.now()) == nil {
			b.throttle.failed(b.throttle.party(phone, "ANA"))
		}
		if got := b.login(t, phone, "ANA", "secret12"); got != step.want {
			t.Errorf("%v later: kind %d, want %d", step.after, got, step.want)
		}
	}
}

func TestAPasswordThatWasRightHereWithinADayPassesTheThrottle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		after    time.Duration
		from     netip.Addr
		remember time.Duration
		want     fed.Kind
	}{
		{"at once", 0, phone, time.Minute, -1},
		{"after a day", seenFor - time.Second, phone, time.Minute, -1},
		{"too late", seenFor, phone, time.Minute, fed.TooMany},
		{"elsewhere", 0, attacker, time.Minute, fed.TooMany},
		{"without memory", 0, phone, 0, fed.TooMany},
	} {
		b := newBench(t, anaWith(t, 4), func(o *Options) { o.Remember = c.remember })
		b.login(t, phone, "ANA", "secret12")
		b.pass(c.after)
		b.besiege(t, c.from)
		for range 3 {
			if got := b.login(t, c.from, "ANA", "secret12"); got != c.want {
				t.Errorf("%s: kind %d, want %d", c.name, got, c.want)
			}
		}
	}
}

// One remembered login is seen as well as one that was compared.
func TestEachLoginRenewsTheDay(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4), func(o *Options) { o.Remember = 48 * time.Hour })
	b.login(t, phone, "ANA", "secret12")
	b.pass(20 * time.Hour)
	b.login(t, phone, "ANA", "secret12")
	b.pass(20 * time.Hour)
	b.besiege(t, phone)
	if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("kind %d", got)
	}
}

// A password that is remembered from elsewhere makes its address one where the account
// has logged in.
func TestWhoeverIsRememberedIsAGuestAtEachAddress(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.login(t, phone, "ANA", "secret12")
	b.login(t, attacker, "ANA", "secret12")
	b.besiege(t, attacker)
	if got := b.login(t, attacker, "ANA", "secret12"); got != -1 || !b.throttle.isGuest(b.throttle.party(attacker, "ANA")) {
		t.Errorf("kind %d", got)
	}
}

func TestAnOldPasswordDoesNotPassTheThrottle(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, testCost))
	b.login(t, phone, "ANA", "secret12")
	b.login(t, phone, "ANA", "mistyped")
	for n := range pairRate.Burst - 1 {
		b.login(t, phone, "ANA", strconv.Itoa(n))
	}
	b.set("ANA", fed.Credentials{Hash: hashOf(t, "mistyped", testCost)})
	compared := b.compared.Load()
	for _, password := range []string{"secret12", "mistyped"} { // the one was right, the other is now
		if got := b.login(t, phone, "ANA", password); got != fed.TooMany {
			t.Errorf("%s: kind %d", password, got)
		}
	}
	if b.compared.Load() != compared {
		t.Error("a throttled pair had a comparison")
	}
}

func TestWhatFailsAsksTheDatabaseAndWhatIsRefusedAsksNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.Accounts.Heard(b.now())
	b.login(t, phone, "ANA", "secret12") // she is in memory now
	for _, id := range []string{"ANA", "NOBODY"} {
		for n := range pairRate.Burst {
			for range 2 { // compared, and known to be wrong
				before := b.lookups.Load()
				if got := b.login(t, attacker, id, strconv.Itoa(n)); got != fed.Unauthenticated || b.lookups.Load() != before+1 {
					t.Errorf("%s: kind %d after %d questions", id, got, b.lookups.Load()-before)
				}
			}
		}
		before := b.lookups.Load()
		if got := b.login(t, attacker, id, "one more"); got != fed.TooMany || b.lookups.Load() != before {
			t.Errorf("%s: kind %d after %d questions", id, got, b.lookups.Load()-before)
		}
	}
}

// It was mistyped here, and is right since, as another address has shown.
func TestAPasswordThatIsRightElsewhereAsksTheDatabaseWhereItFails(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.Accounts.Heard(b.now())
	b.login(t, attacker, "ANA", "siege0")
	b.besiege(t, attacker)
	b.set("ANA", fed.Credentials{Hash: hashOf(t, "siege0", 4)})
	b.login(t, phone, "ANA", "siege0")
	before := b.lookups.Load()
	if got := b.login(t, attacker, "ANA", "siege0"); got != fed.TooMany || b.lookups.Load() != before+1 {
		t.Errorf("kind %d after %d questions", got, b.lookups.Load()-before)
	}
}

func TestRationsAreBounded(t *testing.T) {
	t.Parallel()
	r := ration{pairs: map[uint64]map[digest]time.Time{}}
	for pair := range uint64(mostRations + 1000) {
		r.look(pair, digest{}, time.Unix(0, 0))
	}
	if len(r.pairs) != mostRations {
		t.Errorf("%d pairs are kept", len(r.pairs))
	}
}
