// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"slices"

	"github.com/jackc/pgx/v5/pgtype"

	"thalamus/internal/fed"
)

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

// asker is an argument of statements: who asks, as thalamus_withheld takes it, where pages of these persons may be withheld
// from it; NULL where none can be. It is looked up anew for each statement that is
// sent: somebody may have said something since the first piece of a list.
type asker struct {
	view    View
	persons []string // empty: anybody
}

func askerOf(v View, persons ...string) asker { return asker{v, persons} }

// nearTo is the view at the primary where pages of any of these persons may be withheld, which a replica may
// not know yet. Of the request's own person Replicas.ChooseFor knows that already.
func nearTo(v View, persons []string) View {
	if slices.ContainsFunc(persons, v.db.origin().guarded.has) {
		v.db = v.db.origin()
	}
	return v
}

// writer is the asker of a write.
func (db *DB) writer(w fed.Write, person string) asker {
	return askerOf(db.For(fed.Reader{Account: w.Account}), person)
}

// mayMiss reports whether rows may be withheld. Nothing of a reader's own is.
func (a asker) mayMiss() bool {
	reader, guarded := a.view.reader, &a.view.db.origin().guarded
	isGuarded := func(person string) bool { return person != reader.Account && guarded.has(person) }

	if reader.IsOperator() || guarded.isEmpty() {
		return false
	}
	return len(a.persons) == 0 || slices.ContainsFunc(a.persons, isGuarded)
}

// Dimensions, Index and IndexType are pgx's ways to ask for an array. A nil one is NULL.
func (a asker) Dimensions() []pgtype.ArrayDimension {
	if !a.mayMiss() {
		return nil
	}
	return []pgtype.ArrayDimension{{Length: 2, LowerBound: 1}}
}

// Index is the account, and then whether private pages count.
func (a asker) Index(i int) any {
	switch {
	case i == 0:
		return a.view.reader.Account
	case a.view.db.origin().guarded.private.Load():
		return "private"
	}
	return ""
}

// IndexType is that of a text.
func (asker) IndexType() any { return "" }
