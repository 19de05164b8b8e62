// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"thalamus/internal/fed"
)

// Longest new passwords: 64 characters as in the Python server, and 72 bytes,
// because bcrypt reads no more.
const (
	maxCharacters = 64
	maxBytes      = 72
)

// PasswordRules are the rules for new passwords.
type PasswordRules struct {
	Cost      int // of bcrypt, for new hashes; hashes that cost more are not accepted
	MinLength int // characters
}

// CheckHash refuses, as Invalid, hashes that cost more than the configured
// ones: each login would pay for them.
func (p PasswordRules) CheckHash(hash string) error {
	if HashCost(hash) > p.Cost {
		return fed.Errorf(fed.Invalid, "The password's hash costs more than %d.", p.Cost)
	}
	return nil
}

// CheckSent refuses, as Invalid, a password, or a hash, that no new person may have.
func (p PasswordRules) CheckSent(sent Password) error {
	if sent.Plain() {
		return CheckPassword(sent.Text)
	}
	return p.CheckHash(sent.Text)
}

// CheckPassword refuses, as Invalid, a password that no account may have: above all one that
// bcrypt cannot hash whole.
func CheckPassword(password string) error {
	password = NFC(password)
	switch {
	case utf8.RuneCountInString(password) > maxCharacters || len(password) > maxBytes:
		return fed.Errorf(fed.Invalid, "A password has at most %d characters and %d bytes.", maxCharacters, maxBytes)
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return fed.Errorf(fed.Invalid, "A password is a text without control characters.")
	case password != "" && strings.TrimSpace(password) == "":
		return fed.Errorf(fed.Invalid, "A password is more than blanks.")
	}
	return nil
}

// CheckNew refuses, as Invalid, a password that this account's owner should not
// change to.
func (p PasswordRules) CheckNew(account, password string) error {
	password = NFC(password)
	switch {
	case utf8.RuneCountInString(password) < p.MinLength:
		return fed.Errorf(fed.Invalid, "A new password needs at least %d characters.", p.MinLength)
	case strings.EqualFold(account, password):
		return fed.Errorf(fed.Invalid, "A new password must not be the account's id.")
	case common()[strings.ToLower(password)]:
		return fed.Errorf(fed.Invalid, "This password is one of the most common ones; choose another.")
	}
	return CheckPassword(password)
}

// commonList is the ten thousand passwords of eight characters and more that
// leaked most often, in lower case, one a line.
//
//go:embed common.txt
var commonList string

var common = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for password := range strings.Lines(commonList) {
		set[strings.TrimSpace(password)] = true
	}
	return set
})
