// SPDX-License-Identifier: GPL-3.0-or-later

// Package record validates records: ids, roles, passwords, sizes and the keys with a
// rule, once for every way in: requests, files and commands.
package record

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"thalamus/internal/fed"
)

// Upper gives the spelling under which persons are stored. Every id of a person in upper
// case comes from here: PostgreSQL would spell some letters otherwise.
func Upper(id string) string {
	if fed.Plain(id) { // like nearly all ids
		return strings.ToUpper(id)
	}
	return cases.Upper(language.Und).String(id)
}

// NFC gives the composed form of a text, in which passwords are hashed: keyboards send
// some letters as one character or as two.
func NFC(text string) string { return norm.NFC.String(text) }

// Spellings gives the texts that a password may have been hashed as: its composed form, and
// then the text as it was typed, if that differs, because other programs hash that.
func Spellings(password string) []string {
	composed := NFC(password)
	if composed == password {
		return []string{password}
	}
	return []string{composed, password}
}

// ASCII spells a text in ASCII: letters without their accents, and _ for any other
// character.
func ASCII(text string) string {
	var b strings.Builder
	for _, c := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, c):
		case c < ' ' || c > '~':
			b.WriteByte('_')
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// NewPersonID gives the id under which a person is created: in upper case, as the
// Python server has it. It is Invalid if no person may have it, as when it only looks
// like another one.
func NewPersonID(text string) (string, error) {
	id := Upper(text)
	return id, checkNewID(id, norm.NFKC)
}

// CheckNewID refuses, as Invalid, an id that no page, document, unit or institution
// may be created with. A record that is stored under such an id can still be read.
func CheckNewID(id string) error { return checkNewID(id, norm.NFC) }

func checkNewID(id string, form norm.Form) error {
	switch {
	case id == "" || id == "." || id == ".." || strings.Contains(id, "/"):
		return fed.Errorf(fed.Invalid, "An id is a text without slashes, and neither . nor .. .")
	case utf8.RuneCountInString(id) > fed.LongestID:
		return fed.Errorf(fed.Invalid, "An id has at most %d characters.", fed.LongestID)
	case !utf8.ValidString(id) || strings.ContainsFunc(id, IsInvisible):
		return fed.Errorf(fed.Invalid, "An id has no control or format characters and is UTF-8.")
	case strings.TrimSpace(id) != id:
		return fed.Errorf(fed.Invalid, "An id neither begins nor ends with a blank.")
	case !form.IsNormalString(id):
		return fed.Errorf(fed.Invalid, "An id has characters that look like others; write it in the usual ones.")
	}
	return nil
}
