// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/crypto/bcrypt"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// Lookup reads the credentials of the account that is stored as id is written, else of
// the one in upper case. known is false when there is neither.
type Lookup func(ctx context.Context, id, upper string) (c fed.Credentials, known bool, err error)

// Options configures a Verifier.
type Options struct {
	Accounts *AccountCache
	Cost     int           // of bcrypt; each failed login takes at least that
	Remember time.Duration // how long a right password is cached; 0: neither right nor wrong ones are
	Workers  int           // comparisons at once
	Throttle bool          // whether too many failures are refused
	// Upgrade replaces the hash of a password that was right by one of the
	// configured cost, if it is still the stored one. Nil: hashes stay. After an error
	// the hash has stayed, too.
	Upgrade func(ctx context.Context, id, from, to string) error
	// Pause is called by each request that waits for its comparison; resume, when the
	// wait is over. Nil: neither is called.
	Pause func(ctx context.Context) (resume func())
	Now   func() time.Time // nil: time.Now
}

// Verifier checks credentials.
type Verifier struct {
	Options
	decoy     string // hash of the configured cost that no password fits
	passwords *passwordCache
	throttle  *throttle
	queue     *queue
	hashQuota *hashQuota
	calls     singleflight
	counters  counters

	compare func(hash, password string) bool // bcrypt's; tests count its calls
}

// NewVerifier makes a Verifier. Close it when no more logins come.
func NewVerifier(o Options) (*Verifier, error) {
	decoy, err := makeDecoy(o.Cost)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pause == nil {
		o.Pause = func(context.Context) func() { return func() {} }
	}

	v := &Verifier{Options: o, decoy: decoy, compare: compare}
	v.passwords = newPasswordCache(o.Remember)
	v.throttle = newThrottle(o.Throttle, o.Now)
	v.queue = newQueue(max(1, o.Workers), v.throttle.penalty)
	v.hashQuota = newHashQuota()
	return v, nil
}

// makeDecoy makes a hash of this cost that no known password fits. A cheap hash with
// another cost written into it still has a well-formed salt and digest.
func makeDecoy(cost int) (string, error) {
	cheap, err := bcrypt.GenerateFromPassword([]byte(rand.Text()), bcrypt.MinCost)
	if err != nil {
		return "", fmt.Errorf("make a decoy hash: %w", err)
	}
	return fmt.Sprintf("%s%02d%s", cheap[:len("$2a$")], cost, cheap[len("$2a$04"):]), nil
}

// Close waits for comparisons that no request waits for any more.
func (v *Verifier) Close() { v.calls.running.Wait() }

// Verify gives the account that is stored as id is written, else the one in upper
// case, if it is active and has this password. Otherwise the error is
// Unauthenticated, after at least one comparison of the configured cost unless the
// same wrong password was compared lately from the same address, or TooMany or
// Unavailable. from is the address of the request.
func (v *Verifier) Verify(ctx context.Context, from netip.Addr, id, password string) (fed.Account, error) {
	found, err := v.verify(ctx, from, id, password)
	if err != nil {
		return fed.Account{}, err
	}
	return fed.Account{ID: found.ID, Roles: found.Roles}, nil
}

// SignIn is Verify for a session that lasts: it gives the stored hash, too, which the
// password fits.
func (v *Verifier) SignIn(ctx context.Context, from netip.Addr, id, password string) (account fed.Account, hash string, err error) {
	found, err := v.verify(ctx, from, id, password)
	if err != nil {
		return fed.Account{}, "", err
	}
	return fed.Account{ID: found.ID, Roles: found.Roles}, found.usable, nil
}

func (v *Verifier) verify(ctx context.Context, from netip.Addr, id, password string) (lookupResult, error) {
	found, err := v.verifyUncounted(ctx, from, id, password)
	v.counters.count(err)
	return found, err
}

func (v *Verifier) verifyUncounted(ctx context.Context, from netip.Addr, id, password string) (lookupResult, error) {
	a := v.attempt(from, id, password)
	err := v.admit(&a)
	if err != nil {
		return lookupResult{}, err
	}

	found, err := v.Accounts.get(ctx, id, a.verifiedHash)
	if err != nil {
		return lookupResult{}, err
	}

	a.id, a.hash = found.ID, found.usable
	err = v.authenticate(ctx, a)
	if err != nil {
		return lookupResult{}, err
	}
	v.Accounts.put(found)
	return found, nil
}

// Matches reports, as Verify does, whether password is the one of the account's
// stored hash; it counts as a login attempt.
func (v *Verifier) Matches(ctx context.Context, from netip.Addr, id, hash, password string) (bool, error) {
	a := v.attempt(from, id, password)
	err := v.admit(&a)
	if err != nil {
		v.counters.count(err)
		return false, err
	}

	a.id, a.hash = id, usable(hash)
	err = v.authenticate(ctx, a)
	v.counters.count(err)
	if errors.Is(err, errWrong) {
		return false, nil
	}
	return err == nil, err
}

// Invalidate drops a changed account from the cache.
func (v *Verifier) Invalidate(id string) { v.Accounts.Changed(id) }

// ResetFailures takes back the failures of an account at an address, from where its
// password has just been changed.
func (v *Verifier) ResetFailures(from netip.Addr, id string) {
	v.throttle.resetFailures(v.throttle.client(from, record.Upper(id)))
}

// shareCall shares a call among the requests that ask for the same; its time is not the
// request's own.
func (v *Verifier) shareCall(ctx context.Context, key callKey, fn func(context.Context) (string, error)) (string, error) {
	defer v.Pause(ctx)()
	return v.calls.do(ctx, key, fn)
}
