// SPDX-License-Identifier: GPL-3.0-or-later

// Package fed is the vocabulary of the federation: accounts, records, resources and the
// errors that every other package speaks in. It speaks neither HTTP nor SQL.
//
//   - Person: somebody with a record in the Person Master Index (table people).
//   - Federation account: a person who can log in, with roles; its id is the person's.
//   - Page of life: an event of a person's life (pols), written by a phone or a node.
//   - Book: all pages of life of one person (column book).
//   - Document: a file that hangs on a page (personal_docs).
//   - Domiciliary unit: a dwelling and its household (dus).
//   - Institution: a hospital, a laboratory, an office (institutions).
//   - Registry: units or institutions, which are about no person.
//   - Resource: a kind of records, as the API and the feed name it.
//   - Node: a server that sends records to the hub and follows its feed, as an HMIS does.
//   - Role: grants methods at endpoints, for one's own records or, if global, for all.
//   - Endpoint: what a role grants; several paths may share one.
//   - Version: counts the changes of a record; it is its ETag.
//   - Change feed, cursor: all changes in one order, and a position in it.
//   - Link: says that two persons are the same, or are not.
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
