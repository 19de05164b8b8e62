// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"thalamus/internal/record"
)

// Hash makes the bcrypt hash, of this cost, of a password that the rules allow, in its
// composed form.
func Hash(password string, cost int) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(record.NFC(password)), cost)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return string(hash), nil
}

// usable gives a stored value if passwords can be compared with it, else "".
func usable(hash string) string {
	if !record.IsUsable(hash) {
		return ""
	}
	return hash
}

// fits compares a password, in each of its spellings, with a usable hash, or "".
func (v *Verifier) fits(hash, password string) bool {
	return slices.ContainsFunc(record.Spellings(password), func(spelling string) bool { return v.fitsAs(hash, spelling) })
}

// fitsAs compares one spelling. If it does not fit, the decoy makes up for the rest of a
// comparison of the configured cost, so that the time of several tells nothing about the
// account.
func (v *Verifier) fitsAs(hash, spelling string) bool {
	// bcrypt repeats its key with a NUL behind it: "a" and "a\x00a" are the same to it.
	canFit := hash != "" && !strings.ContainsRune(spelling, 0)
	if canFit && v.compare(hash, spelling) {
		return true
	}

	if !canFit || record.HashCost(hash) < v.Cost {
		v.compare(v.decoy, spelling)
	}
	return false
}

// Fits reports whether a password is the one of a hash, as at a login. It takes as long as the
// hash is dear.
func Fits(hash, password string) bool {
	return usable(hash) != "" && slices.ContainsFunc(record.Spellings(password), func(spelling string) bool { return compare(hash, spelling) })
}

func compare(hash, password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) == nil
}
