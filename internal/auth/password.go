// SPDX-License-Identifier: GPL-3.0-or-later

package auth

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/bcrypt"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// Longest new passwords: 64 characters as in the Python server, and 72 bytes,
// because bcrypt reads no more.
const (
	maxCharacters = 64
	maxBytes      = 72
)

// Passwords says what new passwords must be and how they are hashed.
type Passwords struct {
	Cost      int // of bcrypt, for new hashes; dearer hashes are not taken over
	MinLength int // characters
}

// IsHash reports whether text is a well-formed bcrypt hash of cost 4 or more.
func IsHash(text string) bool { return costOf(text) >= bcrypt.MinCost }

// costOf gives the cost of a well-formed hash, like $2b$12$ and 53 characters, else 0.
// It is asked with every request.
func costOf(text string) int {
	const form, letters = "$2b$12$", "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	if len(text) != len(form)+53 || text[:2] != "$2" || strings.IndexByte("aby", text[2]) < 0 || text[3] != '$' || text[6] != '$' {
		return 0
	}
	for i := len(form); i < len(text); i++ {
		if strings.IndexByte(letters, text[i]) < 0 {
			return 0
		}
	}
	tens, ones := text[4]-'0', text[5]-'0'
	if tens > 9 || ones > 9 {
		return 0
	}
	return int(tens)*10 + int(ones)
}

// CheckHash refuses, as Invalid, hashes that cost more than the configured
// ones: each login would pay for them.
func (p Passwords) CheckHash(hash string) error {
	if costOf(hash) > p.Cost {
		return fed.Errorf(fed.Invalid, "The password's hash costs more than %d.", p.Cost)
	}
	return nil
}

// Check refuses, as Invalid, a password that nobody may have: above all what bcrypt
// cannot hash whole.
func (p Passwords) Check(password string) error {
	password = record.NFC(password)
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
func (p Passwords) CheckNew(account, password string) error {
	password = record.NFC(password)
	switch {
	case utf8.RuneCountInString(password) < p.MinLength:
		return fed.Errorf(fed.Invalid, "A new password needs at least %d characters.", p.MinLength)
	case strings.EqualFold(account, password):
		return fed.Errorf(fed.Invalid, "A new password must not be the account's id.")
	case common()[strings.ToLower(password)]:
		return fed.Errorf(fed.Invalid, "This password is one of the most common ones; choose another.")
	}
	return p.Check(password)
}

// Hash makes the bcrypt hash of a password that passed Check, in its composed form.
func (p Passwords) Hash(password string) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(record.NFC(password)), p.Cost)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return string(hash), nil
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
