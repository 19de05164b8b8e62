// SPDX-License-Identifier: GPL-3.0-or-later

package record

import (
	"strings"

	"thalamus/internal/fed"
)

// Password is the value of the key password of a record. The zero Password stands for none.
type Password struct {
	Text   string // "" when none was sent, or null, or ""
	Hashed bool   // Text is a bcrypt hash already
}

// Plain reports whether the text has still to be hashed.
func (p Password) Plain() bool { return p.Text != "" && !p.Hashed }

// ReadPassword reads a value. One that is neither a text nor null is Invalid.
func ReadPassword(value []byte) (Password, error) {
	text, ok := Text(value)
	if !ok && !IsNull(value) {
		return Password{}, fed.Errorf(fed.Invalid, "password must be a text or null.")
	}
	return Password{Text: text, Hashed: IsHash(text)}, nil
}

// IsHash reports whether text is a well-formed bcrypt hash of cost 4 or more.
func IsHash(text string) bool { return HashCost(text) >= 4 }

// maxCost is the highest cost of a stored hash that is compared with. Beyond it
// one login would take a core for many seconds.
const maxCost = 16

// IsUsable reports whether passwords can be compared with a stored value.
func IsUsable(hash string) bool { return IsHash(hash) && HashCost(hash) <= maxCost }

// HashCost gives the cost of a well-formed bcrypt hash, like $2b$12$ and 53 characters,
// else 0. Every request calls it.
func HashCost(text string) int {
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
