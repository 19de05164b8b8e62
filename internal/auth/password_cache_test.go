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

func TestARightPasswordIsCachedForItsTimeAndNoLonger(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, testCost))
	for _, c := range []struct{ at, compared int64 }{{0, 1}, {1, 1}, {599, 1}, {600, 2}, {601, 2}, {1199, 2}, {1200, 3}} {
		f.clock.Store(c.at)
		if got := f.login(t, phone, "ANA", "secret12"); got != -1 || f.compared.Load() != c.compared {
			t.Errorf("after %d s: kind %d, %d comparisons, want %d", c.at, got, f.compared.Load(), c.compared)
		}
	}
}

func TestWithoutCacheEveryLoginIsCompared(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, testCost), func(o *Options) { o.Remember = 0 })
	for range 3 {
		f.login(t, phone, "ANA", "secret12")
	}

	f.login(t, phone, "ANA", "wrong")
	f.login(t, phone, "ANA", "wrong")
	if f.compared.Load() != 5 {
		t.Errorf("%d comparisons, want 5", f.compared.Load())
	}
}

func TestAChangedHashVoidsTheCacheEntry(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, testCost))
	f.login(t, phone, "ANA", "secret12")
	f.set("ANA", fed.Credentials{Hash: hashOf(t, "changed1", testCost)})

	if got := f.login(t, phone, "ANA", "secret12"); got != fed.Unauthenticated {
		t.Errorf("the old password: kind %d", got)
	}

	if got := f.login(t, phone, "ANA", "changed1"); got != -1 {
		t.Errorf("the new password: kind %d", got)
	}
}

func TestAnInactiveAccountIsNotLetInByTheCache(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, testCost))
	f.login(t, phone, "ANA", "secret12")
	c := f.table["ANA"]
	c.Inactive = true
	f.set("ANA", c)

	if got := f.login(t, phone, "ANA", "secret12"); got != fed.Unauthenticated {
		t.Errorf("kind %d", got)
	}
}

func TestDigestsTellAccountAndPasswordApart(t *testing.T) {
	t.Parallel()
	p := newPasswordCache(time.Minute)
	seen := map[digest][2]string{}

	for _, parts := range [][2]string{
		{"a", "bc"}, {"ab", "c"}, {"", "abc"}, {"abc", ""}, {"b", "ac"},
		{"a", strings.Repeat("b", 1000)}, {"a", strings.Repeat("b", 1001)},
	} {
		d := p.digest(parts[0], parts[1])
		if other, ok := seen[d]; ok {
			t.Errorf("%q and %q are one digest", other, parts)
		}

		seen[d] = parts
		if d != p.digest(parts[0], parts[1]) {
			t.Errorf("%q is two digests", parts)
		}
	}

	if newPasswordCache(time.Minute).digest("a", "b") == p.digest("a", "b") {
		t.Error("two caches have one key")
	}
}

func TestPasswordCacheIsBounded(t *testing.T) {
	t.Parallel()
	const most = 1000
	p := newPasswordCache(time.Minute)
	p.most = most
	now := time.Unix(0, 0)

	for n := range 2 * most {
		d := p.digest(strconv.Itoa(n), "")
		p.add(cacheKey{d, 1}, "hash", true, now)
		p.add(cacheKey{d, 2}, "", false, now)
		p.touch(cacheKey{d, 3}, "hash", now)
	}

	if len(p.verified) != most || len(p.comparisons) != most {
		t.Errorf("%d and %d entries are kept", len(p.verified), len(p.comparisons))
	}
}
