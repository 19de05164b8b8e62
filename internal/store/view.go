// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "thalamus/internal/fed"

// View is the database as it is for one reader. Records are read by its methods, and by
// those of Registry that take a reader.
type View struct {
	db     *DB
	reader fed.Reader
}

// For gives the database as a reader has it.
func (db *DB) For(reader fed.Reader) View { return View{db, reader} }
