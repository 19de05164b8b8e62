// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"thalamus/internal/fed"
)

func TestTheSameWrongPasswordUsesUpNothingAndBlocksNoLogin(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, testCost))
	for _, id := range []string{"ANA", "NOBODY"} {
		f.compared.Store(0)
		for range 1000 {
			if got := f.login(t, phone, id, "mistyped"); got != fed.Unauthenticated {
				t.Fatalf("%s: kind %d", id, got)
			}
		}

		for n := range pairRate.Burst - 1 {
			if got := f.login(t, phone, id, strconv.Itoa(n)); got != fed.Unauthenticated {
				t.Errorf("%s, another one: kind %d", id, got)
			}
		}

		if n := f.compared.Load(); n != int64(pairRate.Burst) {
			t.Errorf("%s: %d comparisons", id, n)
		}

		for password, want := range map[string]fed.Kind{"an eleventh": fed.TooMany, "mistyped": fed.Unauthenticated, "0": fed.Unauthenticated} {
			t.Run(password, func(t *testing.T) {
				if got := f.login(t, phone, id, password); got != want {
					t.Errorf("%s over the limit, %s: kind %d, want %d", id, password, got, want)
				}
			})
		}
	}
}

// A sync sends its key with each page.
func TestAPhoneWithThreeMistypedKeysGetsInWithTheRightOne(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	for wrong := range 3 {
		for range 60 {
			if got := f.login(t, phone, "ana", fmt.Sprint("wrong", wrong)); got != fed.Unauthenticated {
				t.Fatalf("wrong key %d: kind %d", wrong, got)
			}
		}
	}

	for range 60 {
		if got := f.login(t, phone, "ana", "secret12"); got != -1 {
			t.Fatalf("the right key: kind %d", got)
		}
	}
}

func TestAWrongPasswordIsKnownOnlyAtItsAddressAndForADay(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, testCost))
	f.login(t, phone, "ANA", "mistyped")

	for _, c := range []struct {
		after    time.Duration
		compared int64
	}{{0, 0}, {comparisonLifetime - time.Second, 0}, {time.Second, 1}} {
		f.advance(c.after)
		f.compared.Store(0)
		f.login(t, phone, "ANA", "mistyped")

		if got := f.compared.Load(); got != c.compared {
			t.Errorf("%v later: %d comparisons, want %d", c.after, got, c.compared)
		}
	}

	f.compared.Store(0)
	if f.login(t, attacker, "ANA", "mistyped"); f.compared.Load() != 1 {
		t.Errorf("elsewhere: %d comparisons", f.compared.Load())
	}
}

func TestAWrongPasswordThatBecomesRightIsRightAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.login(t, phone, "ANA", "changed1")
	f.login(t, phone, "NEW", "changed1")

	for _, id := range []string{"ANA", "NEW"} {
		f.set(id, fed.Credentials{Hash: hashOf(t, "changed1", 4)})
		if got := f.login(t, phone, id, "changed1"); got != -1 {
			t.Errorf("%s: kind %d", id, got)
		}
	}
}

func TestOnesOwnChangeOfThePasswordResetsFailuresAndKeepsThePairKnown(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.login(t, phone, "ANA", "secret12")
	f.exhaustPair(t, phone)
	f.exhaustPair(t, attacker)
	f.set("ANA", fed.Credentials{Hash: hashOf(t, "changed1", 4)})
	f.ResetFailures(phone, "ANA")

	if got := f.login(t, attacker, "ANA", "changed1"); got != fed.TooMany {
		t.Errorf("another address: kind %d", got)
	}

	if !f.throttle.isKnown(f.throttle.client(phone, "ANA")) {
		t.Error("the pair is not known any more")
	}

	if got := f.login(t, phone, "ANA", "changed1"); got != -1 {
		t.Errorf("the new password: kind %d", got)
	}
}

func TestThePairIsCountedInUpperCase(t *testing.T) {
	t.Parallel()
	table := anaWith(t, 4)
	table["ana"] = fed.Credentials{Hash: hashOf(t, "of the other", 4)}
	f := newFixture(t, table)
	spellings := []string{"ANA", "ana", "Ana", "aNA"}

	for n := range pairRate.Burst {
		if got := f.login(t, attacker, spellings[n%4], strconv.Itoa(n)); got != fed.Unauthenticated {
			t.Errorf("failure %d: kind %d", n, got)
		}
	}

	for _, id := range spellings {
		if got := f.login(t, attacker, id, "one more"); got != fed.TooMany {
			t.Errorf("%s: kind %d", id, got)
		}
	}
}

// Where both spellings are stored each is itself, also with one password tried at both.
func TestTwoAccountsThatDifferInCaseAreTwo(t *testing.T) {
	t.Parallel()
	table := anaWith(t, 4)
	table["ana"] = fed.Credentials{Hash: hashOf(t, "of the other", 4)}
	f := newFixture(t, table)
	f.Accounts.Confirmed(f.now())

	for range 3 {
		for _, c := range []struct {
			id, password string
			want         string
		}{
			{"ANA", "secret12", "ANA"}, {"ana", "secret12", ""}, {"ana", "of the other", "ana"},
			{"ANA", "of the other", ""}, {"Ana", "secret12", "ANA"}, {"Ana", "of the other", ""},
		} {
			t.Run(c.id, func(t *testing.T) {
				account, err := f.Verify(t.Context(), phone, c.id, c.password)
				if account.ID != c.want || (err == nil) != (c.want != "") {
					t.Errorf("%s with %s is %q, %v", c.id, c.password, account.ID, err)
				}
			})
		}
	}
}
