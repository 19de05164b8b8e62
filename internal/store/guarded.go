// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// guardLifetime is how long a confirmation that every new statement is heard counts.
const guardLifetime = 5 * time.Second

// guardedPersons knows the persons about whom statements may be in force, so that the others' pages are read
// without a look at statements. It relies on WatchAccounts; without a fresh confirmation it takes anybody for one of them:
// the database decides then, row by row. It may have too many, never too few for longer than a notification takes.
type guardedPersons struct {
	known atomic.Pointer[guardedSet] // nil: nothing is known
}

// guardedSet is what is known since the connection was made that listens.
type guardedSet struct {
	confirmed atomic.Pointer[time.Time] // every statement committed before has been heard
	some      atomic.Bool
	persons   sync.Map // their ids; "" is anybody
	open      openBooks
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

// isEmpty reports whether there are no statements about anybody.
func (g *guardedPersons) isEmpty() bool {
	known := g.fresh()
	return known != nil && !known.some.Load()
}

// has reports whether there may be a statement about a person.
func (g *guardedPersons) has(person string) bool {
	known := g.fresh()
	if known == nil {
		return true
	}

	_, anybody := known.persons.Load("")
	_, has := known.persons.Load(person)
	return has || anybody
}

// add takes in a person, before the statement can be seen.
func (g *guardedPersons) add(person string) {
	known := g.known.Load()
	if known == nil {
		return
	}

	known.persons.Store(person, true)
	known.some.Store(true)
}

func (g *guardedPersons) confirm(asOf time.Time) {
	known := g.known.Load()
	if known != nil {
		known.confirmed.Store(&asOf)
	}
}

func (g *guardedPersons) forget() { g.known.Store(nil) }

// readGuarded begins anew with the persons about whom there are statements, and the books that are open in an emergency. Of later ones the connection that
// listens tells, which must listen already.
func (db *DB) readGuarded(ctx context.Context) error {
	const q = `SELECT DISTINCT person FROM thalamus_consents WHERE ended IS NULL AND (until IS NULL OR until > now())`
	set := &guardedSet{}
	db.guarded.known.Store(set)
	if err := db.readOpenBooks(ctx, set); err != nil {
		return err
	}

	var person string
	rows, _ := db.reserved.Query(ctx, q)
	_, err := pgx.ForEachRow(rows, []any{&person}, func() error {
		db.guarded.add(person)
		return nil
	})
	return err
}
