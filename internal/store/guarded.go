// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/record"
)

// guardLifetime is how long a confirmation that every new statement is heard counts.
const guardLifetime = 5 * time.Second

// guardedPersons knows the persons of whose books something may be withheld, so that the others' pages are read
// without a look at statements. It relies on WatchAccounts; without a fresh confirmation it takes anybody for one of them:
// the database decides then, row by row. It may have too many, never too few for longer than a notification takes.
type guardedPersons struct {
	known   atomic.Pointer[guardedSet] // nil: nothing is known
	private atomic.Bool                // "privacy": true in a page withholds it
}

// guardedSet is what is known since the connection was made that listens.
type guardedSet struct {
	confirmed atomic.Pointer[time.Time] // all that was committed before has been heard
	said      personSet                 // about them there are statements
	private   personSet                 // they have private pages
	open      openBooks
}

// personSet is a set of persons; "" is anybody.
type personSet struct {
	some atomic.Bool
	ids  sync.Map
}

func (s *personSet) add(person string) {
	s.ids.Store(person, true)
	s.some.Store(true)
}

func (s *personSet) has(person string) bool {
	if !s.some.Load() {
		return false
	}

	_, anybody := s.ids.Load("")
	_, has := s.ids.Load(person)
	return has || anybody
}

// fresh gives what is known, if it is everything.
func (g *guardedPersons) fresh() *guardedSet {
	known := g.known.Load()
	if known == nil {
		return nil
	}

	confirmed := known.confirmed.Load()
	if confirmed == nil || time.Since(*confirmed) >= guardLifetime {
		return nil
	}
	return known
}

// isEmpty reports whether nothing of anybody's is withheld.
func (g *guardedPersons) isEmpty() bool {
	known := g.fresh()
	if known == nil || known.said.some.Load() {
		return false
	}
	return !g.private.Load() || !known.private.some.Load()
}

// has reports whether something of a person's may be withheld.
func (g *guardedPersons) has(person string) bool {
	known := g.fresh()
	return known == nil || known.said.has(person) || g.private.Load() && known.private.has(person)
}

// isSaid reports whether there may be a statement about a person.
func (g *guardedPersons) isSaid(person string) bool {
	known := g.fresh()
	return known == nil || known.said.has(person)
}

// add takes in a person, before the statement can be seen.
func (g *guardedPersons) add(person string) {
	known := g.known.Load()
	if known != nil {
		known.said.add(person)
	}
}

// addPrivate takes in a person, before the page can be seen.
func (g *guardedPersons) addPrivate(person string) {
	known := g.known.Load()
	if known != nil {
		known.private.add(person)
	}
}

// addPage takes in the owner of a page that is written, if it is private.
func (g *guardedPersons) addPage(book string, page fed.Record) {
	if string(record.KeysOf(page).Privacy) == "true" {
		g.addPrivate(book)
	}
}

func (g *guardedPersons) confirm(asOf time.Time) {
	known := g.known.Load()
	if known != nil {
		known.confirmed.Store(&asOf)
	}
}

func (g *guardedPersons) forget() { g.known.Store(nil) }

// CountPrivate says whether pages with "privacy": true are withheld from now on.
func (db *DB) CountPrivate(counts bool) { db.guarded.private.Store(counts) }

// readGuarded begins anew with the persons about whom there are statements, or who have private pages, and the books that are
// open in an emergency. Of later ones the connection that listens tells, which must listen already.
func (db *DB) readGuarded(ctx context.Context) error {
	const said = `SELECT DISTINCT person FROM thalamus_consents WHERE ` + consentInForce
	const private = `SELECT person FROM thalamus_private`
	known := &guardedSet{}
	db.guarded.known.Store(known)

	if err := db.readOpenBooks(ctx, known); err != nil {
		return err
	}
	if err := db.readPersonSet(ctx, said, &known.said); err != nil {
		return err
	}
	return db.readPersonSet(ctx, private, &known.private)
}

func (db *DB) readPersonSet(ctx context.Context, q string, into *personSet) error {
	var person string
	rows, _ := db.reserved.Query(ctx, q)
	_, err := pgx.ForEachRow(rows, []any{&person}, func() error {
		into.add(person)
		return nil
	})
	return err
}
