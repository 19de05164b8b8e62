// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"thalamus/internal/fed"
)

// anaWith is a table with Ana, whose password is secret12.
func anaWith(t testing.TB, cost int) map[string]fed.Credentials {
	t.Helper()
	return map[string]fed.Credentials{"ANA": {Hash: hashOf(t, "secret12", cost), Roles: []string{"end_user"}}}
}

func TestARightPasswordIsRememberedForItsTimeAndNoLonger(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, testCost))
	for _, c := range []struct{ at, compared int64 }{{0, 1}, {1, 1}, {599, 1}, {600, 2}, {601, 2}, {1199, 2}, {1200, 3}} {
		b.clock.Store(c.at)
		if got := b.login(t, phone, "ANA", "secret12"); got != -1 || b.compared.Load() != c.compared {
			t.Errorf("after %d s: kind %d, %d comparisons, want %d", c.at, got, b.compared.Load(), c.compared)
		}
	}
}

func TestWithoutMemoryEveryLoginIsCompared(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, testCost), func(o *Options) { o.Remember = 0 })
	for range 3 {
		b.login(t, phone, "ANA", "secret12")
	}
	b.login(t, phone, "ANA", "wrong")
	b.login(t, phone, "ANA", "wrong")
	if b.compared.Load() != 5 {
		t.Errorf("%d comparisons, want 5", b.compared.Load())
	}
}

func TestAChangedHashIsAnotherFact(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, testCost))
	b.login(t, phone, "ANA", "secret12")
	b.set("ANA", fed.Credentials{Hash: hashOf(t, "changed1", testCost)})
	if got := b.login(t, phone, "ANA", "secret12"); got != fed.Unauthenticated {
		t.Errorf("the old password: kind %d", got)
	}
	if got := b.login(t, phone, "ANA", "changed1"); got != -1 {
		t.Errorf("the new password: kind %d", got)
	}
}

func TestAnInactiveAccountIsNotLetInByMemory(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, testCost))
	b.login(t, phone, "ANA", "secret12")
	c := b.table["ANA"]
	c.Inactive = true
	b.set("ANA", c)
	if got := b.login(t, phone, "ANA", "secret12"); got != fed.Unauthenticated {
		t.Errorf("kind %d", got)
	}
}

func TestARepeatedWrongPasswordCostsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, testCost))
	for _, id := range []string{"ANA", "NOBODY"} {
		b.compared.Store(0)
		for range 5 {
			if got := b.login(t, phone, id, "wrong"); got != fed.Unauthenticated {
				t.Errorf("%s: kind %d", id, got)
			}
		}
		if b.compared.Load() != 1 {
			t.Errorf("%s: %d comparisons", id, b.compared.Load())
		}
	}
}

func TestDigestsDoNotRunTogether(t *testing.T) {
	t.Parallel()
	m := newMemory(time.Minute)
	seen := map[digest][2]string{}
	for _, parts := range [][2]string{
		{"a", "bc"}, {"ab", "c"}, {"", "abc"}, {"abc", ""}, {"b", "ac"},
		{"a", strings.Repeat("b", 1000)}, {"a", strings.Repeat("b", 1001)},
	} {
		d := m.digest(parts[0], parts[1])
		if other, ok := seen[d]; ok {
			t.Errorf("%q and %q are one digest", other, parts)
		}
		seen[d] = parts
		if d != m.digest(parts[0], parts[1]) {
			t.Errorf("%q is two digests", parts)
		}
	}
	if newMemory(time.Minute).digest("a", "b") == m.digest("a", "b") {
		t.Error("two memories have one key")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	m := newMemory(time.Minute)
	now := time.Unix(0, 0)
	for n := range mostRemembered + 1000 {
		d := m.digest(strconv.Itoa(n), "")
		m.keep(place{d, 1}, "hash", true, now)
		m.keep(place{d, 2}, "", false, now)
		m.see(place{d, 3}, "hash", now)
	}
	if len(m.rights) != mostRemembered || len(m.seen) != mostRemembered {
		t.Errorf("%d and %d entries are kept", len(m.rights), len(m.seen))
	}
}
