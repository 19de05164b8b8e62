// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// dearest is the highest cost of a stored hash that is compared with. Beyond it
// one login would take a core for many seconds.
const dearest = 16

// Lookup finds what an account's record says about logging in: of the one that is
// stored as id is written, else of the one in upper case. known is false when there
// is neither.
type Lookup func(ctx context.Context, id, upper string) (c fed.Credentials, known bool, err error)

// Options is what a Verifier is made of.
type Options struct {
	Accounts *Accounts
	Cost     int           // of bcrypt: what each failed login takes at least
	Remember time.Duration // for how long a right password is; 0: none is, nor a wrong one
	Workers  int           // comparisons at once
	Throttle bool          // whether too many failures are refused
	// Upgrade replaces the hash of a password that was right by one of the
	// configured cost, if it is still the stored one. Nil: hashes stay.
	Upgrade func(ctx context.Context, id, from, to string)
	// Pause is told of each request that waits for its comparison, and calls resume when
	// that is over. Nil: nobody needs to know.
	Pause func(ctx context.Context) (resume func())
	Now   func() time.Time // nil: time.Now
}

// Verifier checks credentials.
type Verifier struct {
	Options
	decoy    string // hash of the configured cost that no password fits
	memory   *memory
	throttle *throttle
	line     *line
	hashing  *hashing
	flights  flights

	compare func(hash, password string) bool // bcrypt's; tests count its calls
}

// NewVerifier makes a Verifier. Close it when no more logins come.
func NewVerifier(o Options) (*Verifier, error) {
	cheap, err := bcrypt.GenerateFromPassword([]byte(rand.Text()), bcrypt.MinCost)
	if err != nil {
		return nil, fmt.Errorf("make a decoy hash: %w", err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pause == nil {
		o.Pause = func(context.Context) func() { return func() {} }
	}
	v := &Verifier{Options: o, memory: newMemory(o.Remember), throttle: newThrottle(o.Throttle, o.Now), hashing: newHashing(), compare: compare}
	v.line = newLine(max(1, o.Workers), v.throttle.standing)
	// With another cost the salt and digest are still well-formed, and of no
	// known password.
	v.decoy = fmt.Sprintf("%s%02d%s", cheap[:len("$2a$")], o.Cost, cheap[len("$2a$04"):])
	return v, nil
}

// share is that of flights, in time that is none of the request's.
func (v *Verifier) share(ctx context.Context, key route, do func(context.Context) (string, error)) (string, error) {
	defer v.Pause(ctx)()
	return v.flights.share(ctx, key, do)
}

// Close waits for comparisons that nobody waits for any more.
func (v *Verifier) Close() { v.flights.running.Wait() }

// Verify gives the account that is stored as id is written, else the one in upper
// case, if it is active and has this password. Otherwise the error is
// Unauthenticated, after at least one comparison of the configured cost unless the
// same wrong password was compared lately from the same address, or TooMany or
// Unavailable. from is where the request comes from.
func (v *Verifier) Verify(ctx context.Context, from netip.Addr, id, password string) (fed.Account, error) {
	found, err := v.verify(ctx, from, id, password)
	if err != nil {
		return fed.Account{}, err
	}
	return fed.Account{ID: found.ID, Roles: found.Roles}, nil
}

func (v *Verifier) verify(ctx context.Context, from netip.Addr, id, password string) (finding, error) {
	a := v.attempt(from, id, password)
	if err := v.admit(&a); err != nil {
		return finding{}, err
	}

	found, err := v.Accounts.find(ctx, id, a.fits)
	if err != nil {
		return finding{}, err
	}

	a.id, a.hash = found.ID, found.usable
	if err := v.login(ctx, a); err != nil {
		return finding{}, err
	}
	v.Accounts.keep(found)
	return found, nil
}

// Matches reports, as Verify does, whether password is the one of the account's
// stored hash; it counts as a login attempt.
func (v *Verifier) Matches(ctx context.Context, from netip.Addr, id, hash, password string) (bool, error) {
	a := v.attempt(from, id, password)
	if err := v.admit(&a); err != nil {
		return false, err
	}

	a.id, a.hash = id, usable(hash)
	err := v.login(ctx, a)
	if errors.Is(err, errWrong) {
		return false, nil
	}
	return err == nil, err
}

// Forget makes a change of an account known here at once.
func (v *Verifier) Forget(id string) { v.Accounts.Changed(id) }

// Forgive takes back the failures of an account at an address: whoever logged in there
// has just changed the password.
func (v *Verifier) Forgive(from netip.Addr, id string) {
	v.throttle.forgive(v.throttle.party(from, record.Upper(id)))
}

// usable gives a stored value if passwords can be compared with it, else "".
func usable(hash string) string {
	if !record.IsHash(hash) || record.HashCost(hash) > dearest {
		return ""
	}
	return hash
}

// fits compares a password, in each of its spellings, with a usable hash, or "".
func (v *Verifier) fits(hash, password string) bool {
	return slices.ContainsFunc(record.Spellings(password), func(spelling string) bool { return v.fitsAs(hash, spelling) })
}

// fitsAs compares one spelling. If it does not fit, the decoy makes up for what a
// comparison of the configured cost would have taken: the account is not to be told from
// how long several take.
func (v *Verifier) fitsAs(hash, spelling string) bool {
	// bcrypt repeats its key with a NUL behind it: "a" and "a\x00a" are the same to it.
	can := hash != "" && !strings.ContainsRune(spelling, 0)
	if can && v.compare(hash, spelling) {
		return true
	}
	if !can || record.HashCost(hash) < v.Cost {
		v.compare(v.decoy, spelling)
	}
	return false
}

func compare(hash, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
}
