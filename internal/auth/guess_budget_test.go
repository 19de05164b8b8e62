// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"net/netip"
	"strconv"
	"testing"
	"time"

	"thalamus/internal/fed"
)

// advance moves the clock.
func (f *fixture) advance(d time.Duration) { f.clock.Add(int64(d / time.Second)) }

// exhaustPair fails at Ana's account with as many different passwords as a pair may.
func (f *fixture) exhaustPair(t *testing.T, from netip.Addr) {
	t.Helper()
	for n := range pairRate.Burst {
		if got := f.login(t, from, "ANA", "siege"+strconv.Itoa(n)); got != fed.Unauthenticated {
			t.Fatalf("failure %d: kind %d", n, got)
		}
	}
}

// guessesNotThrottled tries many more passwords than a budget has guesses, the right one among
// them, and counts the answers other than 429.
func (f *fixture) guessesNotThrottled(t *testing.T, from netip.Addr, right string) (others int) {
	t.Helper()
	for n := range 50 * maxGuesses {
		password := strconv.Itoa(n)
		if n == 35*maxGuesses {
			password = right
		}

		if f.login(t, from, "ANA", password) != fed.TooMany {
			others++
		}
	}

	return others
}

func TestAThrottledPairIsNoOracle(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]netip.Addr{"where she logs in": phone, "elsewhere": attacker} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, anaWith(t, testCost))
			f.Accounts.Confirmed(f.now())
			f.login(t, phone, "ANA", "secret12")
			f.exhaustPair(t, from)
			lookups, compared := f.lookups.Load(), f.compared.Load()

			if others := f.guessesNotThrottled(t, from, "secret12"); others != 0 {
				t.Errorf("%d guesses were answered otherwise", others)
			}

			if f.lookups.Load() != lookups || f.compared.Load() != compared {
				t.Error("a refusal asked the database or was compared")
			}
		})
	}
}

// Her own logins spend the budget, and must not show a guesser which one was right.
func TestOnceTheGuessBudgetIsSpentEvenAPasswordThatWasLookedUpWaits(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.login(t, phone, "ANA", "secret12")
	f.exhaustPair(t, phone)

	for range 3 * maxGuesses {
		if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
			t.Fatalf("her own password: kind %d", got)
		}
	}

	for n := range maxGuesses - 2 {
		f.login(t, phone, "ANA", strconv.Itoa(n))
	}

	if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("with one look left: kind %d", got)
	}

	f.login(t, phone, "ANA", "the hundredth")
	if got := f.login(t, phone, "ANA", "secret12"); got != fed.TooMany {
		t.Errorf("with no look left: kind %d", got)
	}

	if others := f.guessesNotThrottled(t, phone, "secret12"); others != 0 {
		t.Errorf("%d guesses were answered otherwise", others)
	}

	for _, step := range []struct {
		after time.Duration
		want  fed.Kind
	}{{guessWindow - time.Second, fed.TooMany}, {time.Second, -1}} {
		f.advance(step.after - time.Second)
		for f.throttle.admit(f.throttle.client(phone, "ANA"), f.now()) == nil { // it stays under attack
			f.throttle.failed(f.throttle.client(phone, "ANA"))
		}

		f.advance(time.Second)
		for f.throttle.admit(f.throttle.client(phone, "ANA"), f.now()) == nil {
			f.throttle.failed(f.throttle.client(phone, "ANA"))
		}

		if got := f.login(t, phone, "ANA", "secret12"); got != step.want {
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
		{"after a day", comparisonLifetime - time.Second, phone, time.Minute, -1},
		{"too late", comparisonLifetime, phone, time.Minute, fed.TooMany},
		{"elsewhere", 0, attacker, time.Minute, fed.TooMany},
		{"without cache", 0, phone, 0, fed.TooMany},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t, anaWith(t, 4), func(o *Options) { o.Remember = c.remember })
			f.login(t, phone, "ANA", "secret12")
			f.advance(c.after)
			f.exhaustPair(t, c.from)

			for range 3 {
				if got := f.login(t, c.from, "ANA", "secret12"); got != c.want {
					t.Errorf("kind %d, want %d", got, c.want)
				}
			}
		})
	}
}

// A cached login renews it as well as one that was compared.
func TestEachLoginRenewsTheDay(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4), func(o *Options) { o.Remember = 48 * time.Hour })
	f.login(t, phone, "ANA", "secret12")
	f.advance(20 * time.Hour)
	f.login(t, phone, "ANA", "secret12")
	f.advance(20 * time.Hour)
	f.exhaustPair(t, phone)

	if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
		t.Errorf("kind %d", got)
	}
}

// A login with a password that is cached from elsewhere makes the account known at its
// address.
func TestACachedLoginMakesThePairKnownAtEachAddress(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.login(t, phone, "ANA", "secret12")
	f.login(t, attacker, "ANA", "secret12")
	f.exhaustPair(t, attacker)

	if got := f.login(t, attacker, "ANA", "secret12"); got != -1 || !f.throttle.isKnown(f.throttle.client(attacker, "ANA")) {
		t.Errorf("kind %d", got)
	}
}

func TestAnOldPasswordDoesNotPassTheThrottle(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, testCost))
	f.login(t, phone, "ANA", "secret12")
	f.login(t, phone, "ANA", "mistyped")

	for n := range pairRate.Burst - 1 {
		f.login(t, phone, "ANA", strconv.Itoa(n))
	}

	f.set("ANA", fed.Credentials{Hash: hashOf(t, "mistyped", testCost)})
	compared := f.compared.Load()
	for _, password := range []string{"secret12", "mistyped"} { // the one was right, the other is now
		if got := f.login(t, phone, "ANA", password); got != fed.TooMany {
			t.Errorf("%s: kind %d", password, got)
		}
	}

	if f.compared.Load() != compared {
		t.Error("a throttled pair had a comparison")
	}
}

func TestAFailureAsksTheDatabaseAndARefusalDoesNot(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.Accounts.Confirmed(f.now())
	f.login(t, phone, "ANA", "secret12") // she is in the cache now

	for _, id := range []string{"ANA", "NOBODY"} {
		for n := range pairRate.Burst {
			for range 2 { // compared, and known to be wrong
				before := f.lookups.Load()
				if got := f.login(t, attacker, id, strconv.Itoa(n)); got != fed.Unauthenticated || f.lookups.Load() != before+1 {
					t.Errorf("%s: kind %d after %d questions", id, got, f.lookups.Load()-before)
				}
			}
		}

		before := f.lookups.Load()
		if got := f.login(t, attacker, id, "one more"); got != fed.TooMany || f.lookups.Load() != before {
			t.Errorf("%s: kind %d after %d questions", id, got, f.lookups.Load()-before)
		}
	}
}

// It was mistyped here, and is right since, as another address has shown.
func TestAPasswordThatIsRightElsewhereAsksTheDatabaseWhereItFails(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.Accounts.Confirmed(f.now())
	f.login(t, attacker, "ANA", "siege0")
	f.exhaustPair(t, attacker)
	f.set("ANA", fed.Credentials{Hash: hashOf(t, "siege0", 4)})
	f.login(t, phone, "ANA", "siege0")

	before := f.lookups.Load()
	if got := f.login(t, attacker, "ANA", "siege0"); got != fed.TooMany || f.lookups.Load() != before+1 {
		t.Errorf("kind %d after %d questions", got, f.lookups.Load()-before)
	}
}

func TestGuessBudgetsAreBounded(t *testing.T) {
	t.Parallel()
	r := guessBudget{pairs: map[uint64]map[digest]time.Time{}}
	for pair := range uint64(maxGuessBudgets + 1000) {
		r.spend(pair, digest{}, time.Unix(0, 0))
	}

	if len(r.pairs) != maxGuessBudgets {
		t.Errorf("%d pairs are kept", len(r.pairs))
	}
}
