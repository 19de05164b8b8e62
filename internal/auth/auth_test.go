// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

const testCost = 5

// phone and attacker are where requests come from.
var (
	phone    = netip.MustParseAddr("192.0.2.7")
	attacker = netip.MustParseAddr("203.0.113.66")
)

// hashOf makes a hash; each combination once.
func hashOf(t testing.TB, password string, cost int) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		t.Fatal(err)
	}
	return string(hash)
}

// bench is a verifier over a table of accounts, with a clock that tests move.
type bench struct {
	*Verifier
	mu       sync.Mutex
	table    map[string]fed.Credentials
	lookups  atomic.Int64
	compared atomic.Int64 // comparisons of the configured cost
	clock    atomic.Int64 // seconds
}

func newBench(t testing.TB, table map[string]fed.Credentials, change ...func(*Options)) *bench {
	t.Helper()
	b := &bench{table: table}
	accounts := NewAccounts(b.lookup)
	accounts.now = b.now
	o := Options{Accounts: accounts, Cost: testCost, Remember: 10 * time.Minute, Workers: 2, Throttle: true, Now: b.now}
	for _, c := range change {
		c(&o)
	}
	v, err := NewVerifier(o)
	if err != nil {
		t.Fatal(err)
	}
	v.compare = func(hash, password string) bool {
		if record.HashCost(hash) == testCost {
			b.compared.Add(1)
		}
		return compare(hash, password)
	}
	b.Verifier = v
	t.Cleanup(v.Close)
	return b
}

func (b *bench) now() time.Time { return time.Unix(1_000_000+b.clock.Load(), 0) }

func (b *bench) lookup(_ context.Context, id, upper string) (fed.Credentials, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lookups.Add(1)
	for _, spelling := range []string{id, upper} {
		if c, known := b.table[spelling]; known {
			c.ID = spelling
			return c, true, nil
		}
	}
	return fed.Credentials{}, false, nil
}

func (b *bench) set(id string, c fed.Credentials) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.table[id] = c
}

// login gives the kind of failure; -1 for success.
func (b *bench) login(t testing.TB, from netip.Addr, id, password string) fed.Kind {
	t.Helper()
	_, err := b.Verify(t.Context(), from, id, password)
	if err == nil {
		return -1
	}
	return fed.KindOf(err)
}

func TestVerify(t *testing.T) {
	t.Parallel()
	good := hashOf(t, "secret12", 4)
	b := newBench(t, map[string]fed.Credentials{
		"ANA":      {Hash: good, Roles: []string{"end_user"}},
		"Y":        {Hash: strings.Replace(good, "$2a$", "$2y$", 1)},
		"B":        {Hash: strings.Replace(good, "$2a$", "$2b$", 1)},
		"INACTIVE": {Hash: good, Inactive: true},
		"NOHASH":   {},
		"PLAIN":    {Hash: "secret12"},
		"DEAR":     {Hash: strings.Replace(good, "$04$", "$31$", 1)},
		"CHEAP":    {Hash: strings.Replace(good, "$04$", "$03$", 1)},
		"LONG":     {Hash: hashOf(t, strings.Repeat("x", 72), 4)},
	})
	for _, c := range []struct {
		want         bool
		id, password string
	}{
		{true, "ANA", "secret12"}, {true, "Y", "secret12"}, {true, "B", "secret12"},
		{true, "LONG", strings.Repeat("x", 80)},
		{false, "ANA", "secret1"}, {false, "ANA", ""}, {false, "ANA", "secret12\x00secret12"},
		{true, "ana", "secret12"}, {false, "ana", "secret1"}, {false, "NOBODY", "secret12"}, {false, "AN\x00A", "secret12"}, {false, "\xff", "x"},
		{false, "INACTIVE", "secret12"}, {false, "NOHASH", ""}, {false, "PLAIN", "secret12"},
		{false, "DEAR", "secret12"}, {false, "CHEAP", "secret12"},
	} {
		account, err := b.Verify(t.Context(), phone, c.id, c.password)
		if (err == nil) != c.want || err != nil && fed.KindOf(err) != fed.Unauthenticated {
			t.Errorf("Verify(%q, %q) = %v, want success %t", c.id, c.password, err, c.want)
		}
		if err != nil && account.Roles != nil {
			t.Errorf("%q failed and has roles", c.id)
		}
	}
}

func TestVerifyGivesTheRolesAsStored(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]fed.Credentials{"ANA": {Hash: hashOf(t, "x", 4), Roles: []string{"a", "b"}}})
	account, err := b.Verify(t.Context(), phone, "ANA", "x")
	if err != nil || account.ID != "ANA" || strings.Join(account.Roles, " ") != "a b" {
		t.Errorf("got %v, %v", account, err)
	}
}

func TestAFailedLookupIsNotAWrongPassword(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	b := newBench(t, nil, func(o *Options) {
		o.Accounts = NewAccounts(func(context.Context, string, string) (fed.Credentials, bool, error) {
			return fed.Credentials{}, false, down
		})
	})
	if _, err := b.Verify(t.Context(), phone, "ANA", "x"); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
}

func TestEveryFailureCostsOneComparisonOfTheConfiguredCostForEachSpelling(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]fed.Credentials{
		"ANA": {Hash: hashOf(t, "x", testCost)}, "CHEAP": {Hash: hashOf(t, "x", 4)}, "NOHASH": {},
		"INACTIVE": {Hash: hashOf(t, "x", testCost), Inactive: true}, "DEAR": {Hash: "$2b$31$" + tail},
	})
	for password, want := range map[string]int64{
		"wrong": 1, "contrase\u00f1a": 1, "contrasen\u0303a": 2, "\ud55c\uae00": 1, "\u1112\u1161\u11ab": 2, "\u212b": 2, "n\u0303\x00": 2,
	} {
		for _, id := range []string{"ANA", "CHEAP", "INACTIVE", "DEAR", "NOHASH", "NOBODY", "\x00"} {
			b.compared.Store(0)
			if got := b.login(t, phone, id, password); got != fed.Unauthenticated || b.compared.Load() != want {
				t.Errorf("%q, %q: %d comparisons of the configured cost, want %d; kind %d", id, password, b.compared.Load(), want, got)
			}
		}
	}
}
