// SPDX-License-Identifier: GPL-3.0-or-later

package fed

// Reader is for whom records are read.
type Reader struct {
	Account string // the id of who asks; "" if that is not known

	operator bool // a command asks: nobody's rights matter
}

// Operator reads for a command: all that there is.
var Operator = Reader{operator: true}
