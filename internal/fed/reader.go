// SPDX-License-Identifier: GPL-3.0-or-later

package fed

// Reader is the account for which records are read.
type Reader struct {
	Account string // its id; "" if that is not known
	Replica int    // of the database, from 1 on, which may be read for it; 0: the primary

	operator bool // a command reads, without the limits of an account
}

// Operator is the reader of a command, which sees all records.
var Operator = Reader{operator: true}

// IsOperator reports whether a command reads.
func (r Reader) IsOperator() bool { return r.operator }
