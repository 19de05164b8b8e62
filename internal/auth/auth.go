// SPDX-License-Identifier: GPL-3.0-or-later

// Package auth answers who is asking: it checks passwords against bcrypt
// hashes, and says which new passwords are good enough.
package auth

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/bcrypt"

	"thalamus/internal/fed"
)

// dearest is the highest cost of a stored hash that is compared with. Beyond it
// one login would take a core for many seconds.
const dearest = 16

// Lookup finds what an account's record says about logging in; known is false
// when there is no such account.
type Lookup func(ctx context.Context, id string) (c fed.Credentials, known bool, err error)

// Verifier checks credentials.
type Verifier struct {
	lookup Lookup
	cost   int
	decoy  string // hash of the configured cost that no password fits

	compare func(hash, password string) bool // bcrypt's; tests count its calls
}

// NewVerifier makes a Verifier whose failures cost a bcrypt comparison of cost.
func NewVerifier(lookup Lookup, cost int) (*Verifier, error) {
	cheap, err := bcrypt.GenerateFromPassword([]byte(rand.Text()), bcrypt.MinCost)
	if err != nil {
		return nil, fmt.Errorf("make a decoy hash: %w", err)
	}
	// With another cost the salt and digest are still well-formed, and of no
	// known password.
	decoy := fmt.Sprintf("%s%02d%s", cheap[:len("$2a$")], cost, cheap[len("$2a$04"):])
	return &Verifier{lookup: lookup, cost: cost, decoy: decoy, compare: compare}, nil
}

// Verify gives the account if id exists, is active, and has this password.
// Otherwise the error is Unauthenticated, after at least one comparison of the
// configured cost, whatever the reason.
func (v *Verifier) Verify(ctx context.Context, id, password string) (fed.Account, error) {
	account := fed.Account{ID: id}
	c, known, err := v.find(ctx, id)
	if err != nil {
		return account, err
	}
	usable := known && !c.Inactive && costOf(c.Hash) <= dearest && IsHash(c.Hash)
	if !v.fits(c.Hash, usable, password) {
		return account, fed.Errorf(fed.Unauthenticated, "The account or the password is wrong.")
	}
	account.Roles = c.Roles
	return account, nil
}

// find looks the account up, unless no such id can be stored.
func (v *Verifier) find(ctx context.Context, id string) (fed.Credentials, bool, error) {
	if strings.ContainsRune(id, 0) || !utf8.ValidString(id) {
		return fed.Credentials{}, false, nil
	}
	return v.lookup(ctx, id)
}

// Fits reports whether password is the one of hash; false costs as much as a
// failed login.
func (v *Verifier) Fits(hash, password string) bool {
	return v.fits(hash, costOf(hash) <= dearest && IsHash(hash), password)
}

// fits compares password with hash if that is usable. If it does not fit, the
// decoy makes up for what a comparison of the configured cost would have taken.
func (v *Verifier) fits(hash string, usable bool, password string) bool {
	// bcrypt repeats its key, with a NUL behind it: "a" and "a\x00a" are the same.
	usable = usable && !strings.ContainsRune(password, 0)
	if usable && v.compare(hash, password) {
		return true
	}
	if !usable || costOf(hash) < v.cost {
		v.compare(v.decoy, password)
	}
	return false
}

func compare(hash, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
}
