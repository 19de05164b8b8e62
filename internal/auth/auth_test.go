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

// phone and attacker are the addresses of requests.
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

// fixture is a verifier over a table of accounts, with a clock that tests move.
type fixture struct {
	*Verifier
	mu       sync.Mutex
	table    map[string]fed.Credentials
	lookups  atomic.Int64
	compared atomic.Int64 // comparisons of the configured cost
	clock    atomic.Int64 // seconds
}

func newFixture(t testing.TB, table map[string]fed.Credentials, change ...func(*Options)) *fixture {
	t.Helper()
	f := &fixture{table: table}
	accounts := NewAccountCache(f.lookup)
	accounts.now = f.now
	o := Options{Accounts: accounts, Cost: testCost, Remember: 10 * time.Minute, Workers: 2, Throttle: true, Now: f.now}

	for _, c := range change {
		c(&o)
	}

	v, err := NewVerifier(o)
	if err != nil {
		t.Fatal(err)
	}

	v.compare = func(hash, password string) bool {
		if record.HashCost(hash) == testCost {
			f.compared.Add(1)
		}
		return compare(hash, password)
	}

	f.Verifier = v
	t.Cleanup(v.Close)
	return f
}

func (f *fixture) now() time.Time { return time.Unix(1_000_000+f.clock.Load(), 0) }

func (f *fixture) lookup(_ context.Context, id, upper string) (fed.Credentials, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()

	f.lookups.Add(1)
	for _, spelling := range []string{id, upper} {
		if c, known := f.table[spelling]; known {
			c.ID = spelling
			return c, true, nil
		}
	}

	return fed.Credentials{}, false, nil
}

func (f *fixture) set(id string, c fed.Credentials) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.table[id] = c
}

// login gives the kind of failure; -1 for success.
func (f *fixture) login(t testing.TB, from netip.Addr, id, password string) fed.Kind {
	t.Helper()
	_, err := f.Verify(t.Context(), from, id, password)
	if err == nil {
		return -1
	}

	return fed.KindOf(err)
}

func TestVerify(t *testing.T) {
	t.Parallel()
	good := hashOf(t, "secret12", 4)
	f := newFixture(t, map[string]fed.Credentials{
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
		account, err := f.Verify(t.Context(), phone, c.id, c.password)
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
	f := newFixture(t, map[string]fed.Credentials{"ANA": {Hash: hashOf(t, "x", 4), Roles: []string{"a", "b"}}})

	account, err := f.Verify(t.Context(), phone, "ANA", "x")
	if err != nil || account.ID != "ANA" || strings.Join(account.Roles, " ") != "a b" {
		t.Errorf("got %v, %v", account, err)
	}
}

func TestAFailedLookupIsNotAWrongPassword(t *testing.T) {
	t.Parallel()
	down := errors.New("down")

	f := newFixture(t, nil, func(o *Options) {
		o.Accounts = NewAccountCache(func(context.Context, string, string) (fed.Credentials, bool, error) {
			return fed.Credentials{}, false, down
		})
	})
	if _, err := f.Verify(t.Context(), phone, "ANA", "x"); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
}

func TestEveryFailureCostsOneComparisonOfTheConfiguredCostForEachSpelling(t *testing.T) {
	t.Parallel()
	f := newFixture(t, map[string]fed.Credentials{
		"ANA": {Hash: hashOf(t, "x", testCost)}, "CHEAP": {Hash: hashOf(t, "x", 4)}, "NOHASH": {},
		"INACTIVE": {Hash: hashOf(t, "x", testCost), Inactive: true}, "DEAR": {Hash: "$2b$31$" + tail},
	})
	for password, want := range map[string]int64{
		"wrong": 1, "contrase\u00f1a": 1, "contrasen\u0303a": 2, "\ud55c\uae00": 1, "\u1112\u1161\u11ab": 2, "\u212b": 2, "n\u0303\x00": 2,
	} {
		t.Run(password, func(t *testing.T) {
			for _, id := range []string{"ANA", "CHEAP", "INACTIVE", "DEAR", "NOHASH", "NOBODY", "\x00"} {
				f.compared.Store(0)
				if got := f.login(t, phone, id, password); got != fed.Unauthenticated || f.compared.Load() != want {
					t.Errorf("%q, %q: %d comparisons of the configured cost, want %d; kind %d", id, password, f.compared.Load(), want, got)
				}
			}
		})
	}
}
