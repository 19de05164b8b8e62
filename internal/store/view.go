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

// asker is an argument of statements: the account that asks, where pages of these persons may be withheld
// from it; NULL where there are no statements about any of them. It is looked up anew for each statement that is
// sent: somebody may have said something since the first piece of a list.
type asker struct {
	view    View
	persons []string // empty: anybody
}

func askerOf(v View, persons ...string) asker { return asker{v, persons} }

// nearTo is the view at the primary where there are statements about any of these persons, which a replica may
// not have yet. Of the request's own person Replicas.ChooseFor knows that already.
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

// account is nil for NULL. Nothing of a reader's own is withheld.
func (a asker) account() *string {
	reader := &a.view.reader
	guarded := func(person string) bool { return person != reader.Account && a.view.db.origin().guarded.has(person) }

	if reader.IsOperator() || a.view.db.origin().guarded.isEmpty() || len(a.persons) > 0 && !slices.ContainsFunc(a.persons, guarded) {
		return nil
	}
	return &reader.Account
}

// TextValue is pgx's way to ask for an argument.
func (a asker) TextValue() (pgtype.Text, error) {
	account := a.account()
	if account == nil {
		return pgtype.Text{}, nil
	}
	return pgtype.Text{String: *account, Valid: true}, nil
}
