// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"testing"

	"thalamus/internal/fed"
)

func TestASessionLastsAsLongAsItsCredentialsAreGood(t *testing.T) {
	t.Parallel()
	hash := hashOf(t, "secret12", testCost)
	f := newFixture(t, map[string]fed.Credentials{"ANA": {Hash: hash, Roles: []string{"end_user"}}})
	s := f.Session(phone, "ANA", "secret12")

	for range 3 {
		if account, err := s.Account(t.Context()); err != nil || account.ID != "ANA" || len(account.Roles) != 1 {
			t.Fatalf("got %v, %v", account, err)
		}
		f.clock.Add(3600) // long after the login is forgotten
	}

	if n := f.compared.Load(); n != 1 {
		t.Errorf("%d comparisons", n)
	}

	f.set("ANA", fed.Credentials{Hash: hash, Roles: []string{"root"}})
	if account, err := s.Account(t.Context()); err != nil || account.Roles[0] != "root" {
		t.Errorf("with other roles: %v, %v", account, err)
	}

	f.set("ANA", fed.Credentials{Hash: hashOf(t, "secret12", testCost)})
	if _, err := s.Account(t.Context()); err != nil {
		t.Errorf("with another hash of the same password: %v", err)
	}
}

func TestASessionEndsWithItsCredentials(t *testing.T) {
	t.Parallel()
	hash := hashOf(t, "secret12", testCost)
	for name, then := range map[string]fed.Credentials{
		"inactive":         {Hash: hash, Inactive: true},
		"another password": {Hash: hashOf(t, "secret13", testCost)},
		"no password":      {},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, map[string]fed.Credentials{"ANA": {Hash: hash}})
			s := f.Session(phone, "ANA", "secret12")
			if _, err := s.Account(t.Context()); err != nil {
				t.Fatal(err)
			}

			f.set("ANA", then)
			if _, err := s.Account(t.Context()); err == nil || fed.KindOf(err) != fed.Unauthenticated {
				t.Errorf("got %v", err)
			}
		})
	}

	f := newFixture(t, nil)
	for range 2 { // an account without a password is not one with an empty password
		if _, err := f.Session(phone, "NOBODY", "").Account(t.Context()); fed.KindOf(err) != fed.Unauthenticated {
			t.Errorf("unknown: got %v", err)
		}
	}
}

func TestASessionStaysWithItsAccountHoweverItIsSpelled(t *testing.T) {
	t.Parallel()
	hash := hashOf(t, "secret12", testCost)
	for name, then := range map[string]map[string]fed.Credentials{
		"another in small letters": {"ANA": {Hash: hash}, "ana": {Hash: hash}},
		"another hash of it":       {"ANA": {Hash: hashOf(t, "secret12", testCost)}, "ana": {Hash: hash}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, map[string]fed.Credentials{"ANA": {Hash: hash}})
			s := f.Session(phone, "ana", "secret12")
			for range 2 {
				if account, err := s.Account(t.Context()); err != nil || account.ID != "ANA" {
					t.Errorf("got %v, %v", account, err)
				}
				f.table = then
			}
		})
	}

	f := newFixture(t, map[string]fed.Credentials{"Ana": {Hash: hash}})
	s := f.Session(phone, "Ana", "secret12")
	if account, err := s.Account(t.Context()); err != nil || account.ID != "Ana" {
		t.Errorf("got %v, %v", account, err)
	}

	f.table = map[string]fed.Credentials{"ANA": {Hash: hash}} // instead of it
	if _, err := s.Account(t.Context()); fed.KindOf(err) != fed.Unauthenticated {
		t.Errorf("after its end: %v", err)
	}
}

// Between two questions the account goes, and another one has that id in upper case.
func TestASessionDoesNotGoOverToAnotherAccount(t *testing.T) {
	t.Parallel()
	hash := hashOf(t, "secret12", testCost)
	f := newFixture(t, map[string]fed.Credentials{"Ana": {Hash: hash}})

	s := f.Session(phone, "Ana", "secret12")
	if _, err := s.Account(t.Context()); err != nil {
		t.Fatal(err)
	}

	f.table = map[string]fed.Credentials{"Ana": {Hash: hashOf(t, "secret13", testCost)}}
	read := f.Accounts.lookup
	f.Accounts.lookup = func(ctx context.Context, id, upper string) (fed.Credentials, bool, error) {
		c, known, err := read(ctx, id, upper)
		f.table = map[string]fed.Credentials{"ANA": {Hash: hash}}
		return c, known, err
	}

	if account, err := s.Account(t.Context()); fed.KindOf(err) != fed.Unauthenticated {
		t.Errorf("got %v, %v", account, err)
	}
}
