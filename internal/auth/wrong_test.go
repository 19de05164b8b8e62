// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"thalamus/internal/fed"
)

func TestTheSameWrongPasswordUsesUpNothingAndStopsNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, testCost))
	for _, id := range []string{"ANA", "NOBODY"} {
		b.compared.Store(0)
		for range 1000 {
			if got := b.login(t, phone, id, "mistyped"); got != fed.Unauthenticated {
				t.Fatalf("%s: kind %d", id, got)
			}
		}
		for n := range pairRate.Burst - 1 {
			if got := b.login(t, phone, id, strconv.Itoa(n)); got != fed.Unauthenticated {
				t.Errorf("%s, another one: kind %d", id, got)
			}
		}
		if n := b.compared.Load(); n != int64(pairRate.Burst) {
			t.Errorf("%s: %d comparisons", id, n)
		}
		for password, want := range map[string]fed.Kind{"an eleventh": fed.TooMany, "mistyped": fed.Unauthenticated, "0": fed.Unauthenticated} {
			if got := b.login(t, phone, id, password); got != want {
				t.Errorf("%s over the limit, %s: kind %d, want %d", id, password, got, want)
			}
		}
	}
}

// A sync sends its key with each page.
func TestAPhoneWithThreeMistypedKeysGetsInWithTheRightOne(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	for wrong := range 3 {
		for range 60 {
			if got := b.login(t, phone, "ana", fmt.Sprint("wrong", wrong)); got != fed.Unauthenticated {
				t.Fatalf("wrong key %d: kind %d", wrong, got)
			}
		}
	}
	for range 60 {
		if got := b.login(t, phone, "ana", "secret12"); got != -1 {
			t.Fatalf("the right key: kind %d", got)
		}
	}
}

func TestAWrongPasswordIsKnownOnlyAtItsAddressAndForADay(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, testCost))
	b.login(t, phone, "ANA", "mistyped")
	for _, c := range []struct {
		after    time.Duration
		compared int64
	}{{0, 0}, {seenFor - time.Second, 0}, {time.Second, 1}} {
		b.pass(c.after)
		b.compared.Store(0)
		b.login(t, phone, "ANA", "mistyped")
		if got := b.compared.Load(); got != c.compared {
			t.Errorf("%v later: %d comparisons, want %d", c.after, got, c.compared)
		}
	}
	b.compared.Store(0)
	if b.login(t, attacker, "ANA", "mistyped"); b.compared.Load() != 1 {
		t.Errorf("elsewhere: %d comparisons", b.compared.Load())
	}
}

func TestAWrongPasswordThatBecomesRightIsRightAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.login(t, phone, "ANA", "changed1")
	b.login(t, phone, "NEW", "changed1")
	for _, id := range []string{"ANA", "NEW"} {
		b.set(id, fed.Credentials{Hash: hashOf(t, "changed1", 4)})
		if got := b.login(t, phone, id, "changed1"); got != -1 {
			t.Errorf("%s: kind %d", id, got)
		}
	}
}

func TestOnesOwnChangeOfThePasswordForgivesThePairAndKeepsTheGuest(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.login(t, phone, "ANA", "secret12")
	b.besiege(t, phone)
	b.besiege(t, attacker)
	b.set("ANA", fed.Credentials{Hash: hashOf(t, "changed1", 4)})
	b.Forgive(phone, "ANA")
	if got := b.login(t, attacker, "ANA", "changed1"); got != fed.TooMany {
		t.Errorf("another address: kind %d", got)
	}
	if !b.throttle.isGuest(b.throttle.party(phone, "ANA")) {
		t.Error("she is no guest any more")
	}
	if got := b.login(t, phone, "ANA", "changed1"); got != -1 {
		t.Errorf("the new password: kind %d", got)
	}
}

func TestThePairIsCountedInUpperCase(t *testing.T) {
	t.Parallel()
	table := anaWith(t, 4)
	table["ana"] = fed.Credentials{Hash: hashOf(t, "of the other", 4)}
	b := newBench(t, table)
	spellings := []string{"ANA", "ana", "Ana", "aNA"}
	for n := range pairRate.Burst {
		if got := b.login(t, attacker, spellings[n%4], strconv.Itoa(n)); got != fed.Unauthenticated {
			t.Errorf("failure %d: kind %d", n, got)
		}
	}
	for _, id := range spellings {
		if got := b.login(t, attacker, id, "one more"); got != fed.TooMany {
			t.Errorf("%s: kind %d", id, got)
		}
	}
}

// Where both spellings are stored each is itself, also with one password tried at both.
func TestTwoAccountsThatDifferInCaseAreTwo(t *testing.T) {
	t.Parallel()
	table := anaWith(t, 4)
	table["ana"] = fed.Credentials{Hash: hashOf(t, "of the other", 4)}
	b := newBench(t, table)
	b.Accounts.Heard(b.now())
	for range 3 {
		for _, c := range []struct {
			id, password string
			want         string
		}{
			{"ANA", "secret12", "ANA"}, {"ana", "secret12", ""}, {"ana", "of the other", "ana"},
			{"ANA", "of the other", ""}, {"Ana", "secret12", "ANA"}, {"Ana", "of the other", ""},
		} {
			account, err := b.Verify(t.Context(), phone, c.id, c.password)
			if account.ID != c.want || (err == nil) != (c.want != "") {
				t.Errorf("%s with %s is %q, %v", c.id, c.password, account.ID, err)
			}
		}
	}
}
