// SPDX-License-Identifier: GPL-3.0-or-later

package fed

import "slices"

// Write is the request for a change of a record: its account, and its conditions.
type Write struct {
	Account  string  // that asks
	Request  string  // the id of the request; "" when no request asks, but a command
	Spelled  string  // the id of the person as the request has it; "" if it names none
	Versions []int64 // the change is made only to one of these; nil: to any
	Except   []int64 // and to none of these
	New      bool    // the record must not be there, be it the same
	Old      bool    // the record must be there: nothing is created
	Recreate bool    // a creation may use an id that was deleted

	Administrators []string // roles that administer accounts: the last account with one stays one; nil: none need stay

	Grown func(bytes int64) // told by how much the database has grown, history included; nil: nobody asks
}

// Grow tells how many bytes the change has added to the database, besides what every
// change adds.
func (w Write) Grow(bytes int64) {
	const change = 512 // about what a row in the history and in the feed takes, with its index entries
	if w.Grown != nil {
		w.Grown(bytes + change)
	}
}

// Allows reports whether a record that is there, in this version, is what the
// condition asks for.
func (w Write) Allows(version int64) bool {
	return !w.New && (w.Versions == nil || slices.Contains(w.Versions, version)) && !slices.Contains(w.Except, version)
}

// OtherVersion is the error when the condition of a request is not met; version
// is the record's, 0 when there is none.
func OtherVersion(version int64) error {
	return &Error{Kind: Stale, Version: version, Msg: "The record is not as If-Match or If-None-Match asks for; read it again."}
}

// Stored is a record as the database has it.
type Stored struct {
	Record  Record
	Version int64  // grows by one with each change, and goes on after a deletion
	Linked  string // of a person who is read: the smallest id of those who are known to be the same; "" if nobody else is
}
