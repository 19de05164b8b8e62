// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"testing"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// asked counts the questions to the database that a login costs.
func (b *bench) asked(t *testing.T) int64 {
	t.Helper()
	before := b.lookups.Load()
	b.login(t, phone, "ANA", "secret12")
	return b.lookups.Load() - before
}

// askedWhile lets something happen while the row of a login is on its way.
func (b *bench) askedWhile(t *testing.T, happens func()) {
	t.Helper()
	read := b.Accounts.lookup
	b.Accounts.lookup = func(ctx context.Context, id, upper string) (fed.Credentials, bool, error) {
		c, known, err := read(ctx, id, upper)
		happens()
		return c, known, err
	}
	b.asked(t)
	b.Accounts.lookup = read
}

func TestAnAccountIsRememberedWhileEveryChangeIsHeard(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	if b.asked(t)+b.asked(t) != 2 {
		t.Error("an account was remembered before anything was heard")
	}
	b.Accounts.Heard(b.now())
	if b.asked(t) != 1 || b.asked(t) != 0 {
		t.Error("an account was not remembered")
	}
	b.clock.Store(4)
	if b.asked(t) != 0 {
		t.Error("a proof of four seconds ago was not good enough")
	}
	b.clock.Store(5)
	if b.asked(t) != 1 {
		t.Error("a proof of five seconds ago was good enough")
	}
}

func TestAfterASilenceTheMemoryStartsEmpty(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.Accounts.Heard(b.now())
	b.asked(t)
	b.clock.Store(6)
	b.Accounts.Heard(b.now())
	if b.asked(t) != 1 {
		t.Error("what was remembered before the silence was still there")
	}
}

func TestAProofIsAsOldAsItsQuestion(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	question := b.now()
	b.clock.Store(4)
	b.Accounts.Heard(question) // the answer took four seconds
	if b.asked(t) != 1 || b.asked(t) != 0 {
		t.Error("an account was not remembered")
	}
	b.clock.Store(5)
	if b.asked(t) != 1 {
		t.Error("five seconds after the question the proof was still good")
	}
	if b.asked(t) != 1 {
		t.Error("an account was remembered without a proof")
	}
}

func TestADeafMemoryTrustsAndKeepsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.Accounts.Heard(b.now())
	b.asked(t)
	b.Accounts.Deaf()
	if b.asked(t)+b.asked(t) != 2 {
		t.Error("an account was remembered while nothing is heard")
	}
	b.Accounts.Heard(b.now())
	if b.asked(t) != 1 || b.asked(t) != 0 {
		t.Error("an account was not remembered when changes were heard again")
	}
}

func TestARowReadBeforeTheHearingWasLostIsNotKept(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.Accounts.Heard(b.now())
	b.askedWhile(t, func() {
		b.Accounts.Deaf()
		b.Accounts.Heard(b.now())
	})
	if b.asked(t) != 1 {
		t.Error("a row from before the gap was remembered")
	}
}

func TestAnAccountIsRememberedUnderItsStoredIDOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.Accounts.Heard(b.now())
	for _, typed := range []string{"ana", "Ana", "ANA"} {
		account, err := b.Verify(t.Context(), phone, typed, "secret12")
		if err != nil || account.ID != "ANA" {
			t.Errorf("%s is %v, %v", typed, account, err)
		}
	}
	if _, kept := b.Accounts.known["ANA"]; !kept || len(b.Accounts.known) != 1 {
		t.Errorf("remembered are %v", b.Accounts.known)
	}
	b.set("ana", fed.Credentials{Hash: b.table["ANA"].Hash}) // nobody need tell of it
	if account, err := b.Verify(t.Context(), phone, "ana", "secret12"); err != nil || account.ID != "ana" {
		t.Errorf("once it is stored, ana is %v, %v", account, err)
	}
}

func TestAChangeIsNoticedOnTheNextRequest(t *testing.T) {
	t.Parallel()
	for _, told := range []string{"ANA", ""} {
		b := newBench(t, anaWith(t, 4))
		b.Accounts.Heard(b.now())
		b.asked(t)
		b.set("ANA", fed.Credentials{Hash: b.table["ANA"].Hash, Roles: []string{"root"}})
		b.Accounts.Changed("OTHER")
		if b.asked(t) != 0 {
			t.Error("another account's change dropped this one")
		}
		b.Accounts.Changed(told)
		account, err := b.Verify(t.Context(), phone, "ANA", "secret12")
		if err != nil || len(account.Roles) != 1 || account.Roles[0] != "root" {
			t.Errorf("told of %q: %v, %v", told, account, err)
		}
		if b.asked(t) != 0 {
			t.Error("the account as it is now was not remembered")
		}
	}
}

func TestARowReadBeforeAChangeWasToldIsNotKeptAfterIt(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.Accounts.Heard(b.now())
	b.askedWhile(t, func() { b.Accounts.Changed("ANA") })
	if b.asked(t) != 1 {
		t.Error("a row that was older than a change was remembered")
	}
}

func TestFailedLoginsAreNotRememberedAsAccounts(t *testing.T) {
	t.Parallel()
	b := newBench(t, anaWith(t, 4))
	b.Accounts.Heard(b.now())
	b.login(t, phone, "ANA", "wrong")
	b.login(t, phone, "NOBODY", "wrong")
	if len(b.Accounts.known) != 0 {
		t.Errorf("%d accounts are kept", len(b.Accounts.known))
	}
}

func TestACheapHashIsUpgradedOnceAndThePasswordStaysRemembered(t *testing.T) {
	t.Parallel()
	var b *bench
	upgrades := 0
	b = newBench(t, anaWith(t, 4), func(o *Options) {
		o.Upgrade = func(_ context.Context, id, from, to string) {
			if b.table[id].Hash == from {
				upgrades++
				b.set(id, fed.Credentials{Hash: to, Roles: b.table[id].Roles})
				b.Accounts.Changed(id)
			}
		}
	})
	b.Accounts.Heard(b.now())
	for range 3 {
		if got := b.login(t, phone, "ANA", "secret12"); got != -1 {
			t.Errorf("kind %d", got)
		}
		b.clock.Add(1)
	}
	if upgrades != 1 || record.HashCost(b.table["ANA"].Hash) != testCost || b.compared.Load() != 0 {
		t.Errorf("%d upgrades to cost %d, %d comparisons after it", upgrades, record.HashCost(b.table["ANA"].Hash), b.compared.Load())
	}
}

// Somebody changes the password between the login and the upgrade.
func TestAnUpgradeThatMeetsANewerPasswordChangesNothing(t *testing.T) {
	t.Parallel()
	var b *bench
	newer := hashOf(t, "changed1", 4)
	b = newBench(t, anaWith(t, 4), func(o *Options) {
		o.Upgrade = func(_ context.Context, id, from, to string) {
			b.set(id, fed.Credentials{Hash: newer})
			if b.table[id].Hash == from {
				b.set(id, fed.Credentials{Hash: to})
			}
		}
	})
	b.login(t, phone, "ANA", "secret12")
	for password, want := range map[string]fed.Kind{"secret12": fed.Unauthenticated, "changed1": -1} {
		if got := b.login(t, phone, "ANA", password); got != want {
			t.Errorf("%s: kind %d, want %d", password, got, want)
		}
	}
}
