// SPDX-License-Identifier: GPL-3.0-or-later

package fed

// Write says who asks for a change of a record, and on what condition.
type Write struct {
	Account  string  // who asks
	Request  string  // the id of the request; never ""
	Versions []int64 // the change is made only to one of these; nil: to any
	New      bool    // a creation must not find the record there, be it the same
	Recreate bool    // a creation may use an id that was deleted
}

// Stored is a record as the database has it.
type Stored struct {
	Record  Record
	Version int64 // grows by one with each change, and goes on after a deletion
}
