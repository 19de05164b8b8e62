// SPDX-License-Identifier: GPL-3.0-or-later

// Package fed is the vocabulary of the federation: accounts, records, resources and the
// errors that every other package speaks in. It speaks neither HTTP nor SQL.
package fed

// LongestID is the most that an id may have, in characters.
const LongestID = 255

// Account is a federation account: a person who has logged in.
type Account struct {
	ID    string
	Roles []string // names as stored; a role that no file defines grants nothing
}

// Credentials is what an account's record says about logging in.
type Credentials struct {
	ID       string // as stored
	Hash     string // of the password, as stored; usable only if it is bcrypt's
	Roles    []string
	Inactive bool
}

// Record is one free-form JSON object, as UTF-8 text. It goes from a client's
// body to the database and back without being decoded, so that unknown keys
// and every digit of a number survive.
type Record []byte
