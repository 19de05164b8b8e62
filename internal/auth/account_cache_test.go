// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// lookupsOfLogin counts the questions to the database that a login costs.
func (f *fixture) lookupsOfLogin(t *testing.T) int64 {
	t.Helper()
	before := f.lookups.Load()
	f.login(t, phone, "ANA", "secret12")
	return f.lookups.Load() - before
}

// wantCached fails the test unless the next login asks the database, and the one after it does
// not.
func (f *fixture) wantCached(t *testing.T, when string) {
	t.Helper()
	first, second := f.lookupsOfLogin(t), f.lookupsOfLogin(t)
	if first != 1 || second != 0 {
		t.Errorf("%s: two logins cost %d and %d lookups, want 1 and 0", when, first, second)
	}
}

// loginWhile lets something happen while the row of a login is on its way.
func (f *fixture) loginWhile(t *testing.T, happens func()) {
	t.Helper()
	read := f.Accounts.lookup
	f.Accounts.lookup = func(ctx context.Context, id, upper string) (fed.Credentials, bool, error) {
		c, known, err := read(ctx, id, upper)
		happens()
		return c, known, err
	}

	f.lookupsOfLogin(t)
	f.Accounts.lookup = read
}

func TestAnAccountIsCachedWhileEveryChangeIsConfirmed(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	if f.lookupsOfLogin(t)+f.lookupsOfLogin(t) != 2 {
		t.Error("an account was cached before any confirmation")
	}

	f.Accounts.Confirmed(f.now())
	f.wantCached(t, "after a confirmation")

	f.clock.Store(4)
	if f.lookupsOfLogin(t) != 0 {
		t.Error("a confirmation of four seconds ago was not good enough")
	}

	f.clock.Store(5)
	if f.lookupsOfLogin(t) != 1 {
		t.Error("a confirmation of five seconds ago was good enough")
	}
}

func TestAfterAGapOfConfirmationsTheCacheStartsEmpty(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.Accounts.Confirmed(f.now())
	f.lookupsOfLogin(t)
	f.clock.Store(6)
	f.Accounts.Confirmed(f.now())

	if f.lookupsOfLogin(t) != 1 {
		t.Error("a row from before the gap was still there")
	}
}

func TestAConfirmationIsAsOldAsItsQuestion(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	question := f.now()
	f.clock.Store(4)
	f.Accounts.Confirmed(question) // the answer took four seconds
	f.wantCached(t, "after a confirmation of four seconds ago")

	f.clock.Store(5)
	if f.lookupsOfLogin(t) != 1 {
		t.Error("five seconds after the question the confirmation was still good")
	}

	if f.lookupsOfLogin(t) != 1 {
		t.Error("an account was cached without a confirmation")
	}
}

func TestADisconnectedCacheNeitherAnswersNorStores(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.Accounts.Confirmed(f.now())
	f.lookupsOfLogin(t)
	f.Accounts.Disconnected()

	if f.lookupsOfLogin(t)+f.lookupsOfLogin(t) != 2 {
		t.Error("an account was cached while disconnected")
	}

	f.Accounts.Confirmed(f.now())
	f.wantCached(t, "after the next confirmation")
}

func TestARowReadBeforeADisconnectionIsNotCached(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.Accounts.Confirmed(f.now())
	f.loginWhile(t, func() {
		f.Accounts.Disconnected()
		f.Accounts.Confirmed(f.now())
	})

	if f.lookupsOfLogin(t) != 1 {
		t.Error("a row from before the gap was cached")
	}
}

func TestAnAccountIsCachedUnderItsStoredIDOnly(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.Accounts.Confirmed(f.now())

	for _, typed := range []string{"ana", "Ana", "ANA"} {
		account, err := f.Verify(t.Context(), phone, typed, "secret12")
		if err != nil || account.ID != "ANA" {
			t.Errorf("%s is %v, %v", typed, account, err)
		}
	}

	if _, kept := f.Accounts.known["ANA"]; !kept || len(f.Accounts.known) != 1 {
		t.Errorf("cached are %v", f.Accounts.known)
	}

	f.set("ana", fed.Credentials{Hash: f.table["ANA"].Hash}) // the cache hears nothing of it
	if account, err := f.Verify(t.Context(), phone, "ana", "secret12"); err != nil || account.ID != "ana" {
		t.Errorf("once it is stored, ana is %v, %v", account, err)
	}
}

func TestAChangeIsNoticedOnTheNextRequest(t *testing.T) {
	t.Parallel()
	for _, changed := range []string{"ANA", ""} {
		f := newFixture(t, anaWith(t, 4))
		f.Accounts.Confirmed(f.now())
		f.lookupsOfLogin(t)
		f.set("ANA", fed.Credentials{Hash: f.table["ANA"].Hash, Roles: []string{"root"}})
		f.Accounts.Changed("OTHER")

		if f.lookupsOfLogin(t) != 0 {
			t.Error("another account's change dropped this one")
		}

		f.Accounts.Changed(changed)
		account, err := f.Verify(t.Context(), phone, "ANA", "secret12")
		if err != nil || len(account.Roles) != 1 || account.Roles[0] != "root" {
			t.Errorf("change of %q: %v, %v", changed, account, err)
		}

		if f.lookupsOfLogin(t) != 0 {
			t.Error("the account as it is now was not cached")
		}
	}
}

func TestARowReadBeforeAChangeWasHeardIsNotCachedAfterIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.Accounts.Confirmed(f.now())
	f.loginWhile(t, func() { f.Accounts.Changed("ANA") })

	if f.lookupsOfLogin(t) != 1 {
		t.Error("a row that was older than a change was cached")
	}
}

func TestAccountsOfFailedLoginsAreNotCached(t *testing.T) {
	t.Parallel()
	f := newFixture(t, anaWith(t, 4))
	f.Accounts.Confirmed(f.now())
	f.login(t, phone, "ANA", "wrong")
	f.login(t, phone, "NOBODY", "wrong")

	if len(f.Accounts.known) != 0 {
		t.Errorf("%d accounts are kept", len(f.Accounts.known))
	}
}

func TestACheapHashIsUpgradedOnceAndThePasswordStaysCached(t *testing.T) {
	t.Parallel()
	var f *fixture
	upgrades := 0
	f = newFixture(t, anaWith(t, 4), func(o *Options) {
		o.Upgrade = func(_ context.Context, id, from, to string) error {
			if f.table[id].Hash == from {
				upgrades++
				f.set(id, fed.Credentials{Hash: to, Roles: f.table[id].Roles})
				f.Accounts.Changed(id)
			}
			return nil
		}
	})

	f.Accounts.Confirmed(f.now())
	for range 3 {
		if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
			t.Errorf("kind %d", got)
		}
		f.clock.Add(1)
	}

	if upgrades != 1 || record.HashCost(f.table["ANA"].Hash) != testCost || f.compared.Load() != 0 {
		t.Errorf("%d upgrades to cost %d, %d comparisons after it", upgrades, record.HashCost(f.table["ANA"].Hash), f.compared.Load())
	}
}

// As on a standby, where nothing can be written: the password is compared once all the same.
func TestALoginWhoseHashCannotBeUpgradedIsRemembered(t *testing.T) {
	t.Parallel()
	comparisons := 0 // each of which tries it
	f := newFixture(t, anaWith(t, 4), func(o *Options) {
		o.Upgrade = func(context.Context, string, string, string) error {
			comparisons++
			return context.DeadlineExceeded
		}
	})

	for range 3 {
		if got := f.login(t, phone, "ANA", "secret12"); got != -1 {
			t.Errorf("kind %d", got)
		}
		f.clock.Add(1)
	}

	if comparisons != 1 {
		t.Errorf("%d comparisons", comparisons)
	}
}

// The password changes between the login and the upgrade.
func TestAnUpgradeThatMeetsANewerPasswordChangesNothing(t *testing.T) {
	t.Parallel()
	var f *fixture
	newer := hashOf(t, "changed1", 4)
	f = newFixture(t, anaWith(t, 4), func(o *Options) {
		o.Upgrade = func(_ context.Context, id, from, to string) error {
			f.set(id, fed.Credentials{Hash: newer})
			if f.table[id].Hash == from {
				f.set(id, fed.Credentials{Hash: to})
			}
			return nil
		}
	})

	f.login(t, phone, "ANA", "secret12")
	for password, want := range map[string]fed.Kind{"secret12": fed.Unauthenticated, "changed1": -1} {
		t.Run(password, func(t *testing.T) {
			if got := f.login(t, phone, "ANA", password); got != want {
				t.Errorf("%s: kind %d, want %d", password, got, want)
			}
		})
	}
}
