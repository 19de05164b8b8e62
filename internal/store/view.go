// SPDX-License-Identifier: GPL-3.0-or-later

package store

import "thalamus/internal/fed"

// View is the database as it is for one reader. Records are read by its methods, and by
// those of Registry that take a reader.
type View struct {
	db     *DB // perhaps a replica
	reader fed.Reader
}

// For gives the database as a reader has it.
func (db *DB) For(reader fed.Reader) View { return View{db.server(reader), reader} }

// server is the primary, or the replica that a reader reads.
func (db *DB) server(reader fed.Reader) *DB {
	if reader.Replica == 0 {
		return db
	}
	return db.replicas.servers[reader.Replica-1].db
}

// origin is the primary of a replica, and else the database itself: there is read what decides on rights,
// and whatever goes on from a place in the feed.
func (db *DB) origin() *DB {
	if db.primary != nil {
		return db.primary
	}
	return db
}
