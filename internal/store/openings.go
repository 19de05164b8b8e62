// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

const (
	emergencyChannel = "thalamus_emergency" // where the database tells that a book was opened
	longestReading   = time.Minute          // from the reading of records to the line about it, which is written later
)

// openBook is an opening, and when it ends by this server's clock.
type openBook struct {
	fed.Opening
	Account string
	ends    time.Time
}

// openBooks are those that are open in an emergency, few at a time.
type openBooks struct {
	mu    sync.Mutex // of who writes known
	known atomic.Pointer[[]openBook]
}

// of gives an account's that were open at a time or later.
func (o *openBooks) of(account string, since time.Time) (found []fed.Opening) {
	known := o.known.Load()
	if known == nil {
		return nil
	}

	for _, book := range *known {
		if book.Account == account && book.ends.After(since) {
			found = append(found, book.Opening)
		}
	}
	return found
}

// add takes in an opening of this server, which is told of a little later.
func (o *openBooks) add(e Emergency) {
	o.mu.Lock()
	defer o.mu.Unlock()

	all := []openBook{{fed.Opening{Emergency: e.ID, Person: e.Person}, e.Account, time.Now().Add(time.Until(e.Until))}}
	if known := o.known.Load(); known != nil {
		all = append(all, slices.DeleteFunc(slices.Clone(*known), func(book openBook) bool { return book.Emergency == e.ID })...)
	}
	o.known.Store(&all)
}

// readOpenBooks has a set know all books that are open. How long they still are is as the database says.
func (db *DB) readOpenBooks(ctx context.Context, set *guardedSet) error {
	const q = `SELECT id, person, account, extract(epoch FROM until - clock_timestamp()) FROM thalamus_emergencies WHERE until > now() - $1::interval`
	set.open.mu.Lock()
	defer set.open.mu.Unlock()

	var book openBook
	var seconds float64
	all := []openBook{}
	rows, _ := db.reserved.Query(ctx, q, longestReading)
	_, err := pgx.ForEachRow(rows, []any{&book.Emergency, &book.Person, &book.Account, &seconds}, func() error {
		book.ends = time.Now().Add(time.Duration(seconds * float64(time.Second)))
		all = append(all, book)
		return nil
	})
	set.open.known.Store(&all)
	return err
}

// OpeningQuery says which openings are asked for.
type OpeningQuery struct {
	Account string
	Person  string    // among others; ""
	Begun   time.Time // those that have ended since count, too
	Heard   bool      // it is enough what this server has heard
}

// Openings gives the books that an account has open in an emergency. Where this server may not have heard of them yet, and
// of a person about whom there are statements, the database says.
func (db *DB) Openings(ctx context.Context, asked OpeningQuery) (open []fed.Opening, err error) {
	const q = `SELECT id, person FROM thalamus_emergencies WHERE account = $1 AND until > now() - $2::interval`
	db = db.origin()
	lasted := min(time.Since(asked.Begun), longestReading)
	known := db.guarded.fresh()
	if known != nil && (asked.Heard || asked.Person == "" || !db.guarded.has(asked.Person)) {
		return known.open.of(asked.Account, time.Now().Add(-lasted)), nil
	}
	if asked.Heard {
		return nil, nil
	}

	rows, _ := db.pool.Query(ctx, q, asked.Account, lasted)
	open, err = pgx.CollectRows(rows, pgx.RowToStructByPos[fed.Opening])
	return open, classify(err)
}
