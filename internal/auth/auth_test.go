// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"thalamus/internal/fed"
)

func hashOf(t *testing.T, password string, cost int) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		t.Fatal(err)
	}
	return string(hash)
}

// verifier knows the accounts of the map.
func verifier(t *testing.T, cost int, accounts map[string]fed.Credentials) *Verifier {
	t.Helper()
	v, err := NewVerifier(func(_ context.Context, id string) (fed.Credentials, bool, error) {
		c, known := accounts[id]
		return c, known, nil
	}, cost)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVerify(t *testing.T) {
	t.Parallel()
	good := hashOf(t, "secret12", 4)
	v := verifier(t, 4, map[string]fed.Credentials{
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
		{false, "ana", "secret12"}, {false, "NOBODY", "secret12"}, {false, "AN\x00A", "secret12"}, {false, "\xff", "x"},
		{false, "INACTIVE", "secret12"}, {false, "NOHASH", ""}, {false, "PLAIN", "secret12"},
		{false, "DEAR", "secret12"}, {false, "CHEAP", "secret12"},
	} {
		account, err := v.Verify(t.Context(), c.id, c.password)
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
	v := verifier(t, 4, map[string]fed.Credentials{"ANA": {Hash: hashOf(t, "x", 4), Roles: []string{"a", "b"}}})
	account, err := v.Verify(t.Context(), "ANA", "x")
	if err != nil || account.ID != "ANA" || strings.Join(account.Roles, " ") != "a b" {
		t.Errorf("got %v, %v", account, err)
	}
}

func TestAFailedLookupIsNotAWrongPassword(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	v, err := NewVerifier(func(context.Context, string) (fed.Credentials, bool, error) {
		return fed.Credentials{}, false, down
	}, 4)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(t.Context(), "ANA", "x"); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
}

func TestEveryFailureCostsOneComparisonOfTheConfiguredCost(t *testing.T) {
	t.Parallel()
	const cost = 6
	v := verifier(t, cost, map[string]fed.Credentials{
		"ANA": {Hash: hashOf(t, "x", cost)}, "CHEAP": {Hash: hashOf(t, "x", 4)}, "NOHASH": {},
		"INACTIVE": {Hash: hashOf(t, "x", cost), Inactive: true}, "DEAR": {Hash: "$2b$31$" + tail},
	})
	full := 0
	v.compare = func(hash, password string) bool {
		if costOf(hash) == cost {
			full++
		}
		return compare(hash, password)
	}
	for _, id := range []string{"ANA", "CHEAP", "INACTIVE", "DEAR", "NOHASH", "NOBODY", "\x00"} {
		full = 0
		if _, err := v.Verify(t.Context(), id, "wrong"); err == nil || full != 1 {
			t.Errorf("%q: %d comparisons of the configured cost, error %v", id, full, err)
		}
	}
}
