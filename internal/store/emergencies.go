// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// usualEmergency is how long an opened book is open unless it is configured.
const usualEmergency = 30 * time.Minute

// Bounds of the reason for an opening, and of what was found, in characters.
const (
	ShortestReason = 10
	LongestReason  = 500
)

// Emergency is a book that somebody has opened, whatever was withheld.
type Emergency struct {
	ID, Person, Account string
	Purpose, Reason     string
	Time, Until         time.Time
	Reviewed            *time.Time // by the privacy officer; nil: not yet
	Reviewer, Finding   *string
}

// EmergencyQuery says which openings are asked for.
type EmergencyQuery struct {
	Person   string // "": anybody's
	Own      bool   // as that person sees them, who may have an id that somebody had before
	Reviewed *bool  // nil: either
}

const emergencyColumns = `id, person, account, purpose, reason, time, until, reviewed, reviewer, finding`

// emergencyCondition is that of an EmergencyQuery.
const emergencyCondition = `($1::text = '' OR person = $1) AND ($2::boolean IS NULL OR (reviewed IS NOT NULL) = $2) AND (NOT $3 OR ` + sincePersonCreation + `)`

// findOpen finds the emergency in which an account reads a person's book.
const findOpen = `SELECT ` + emergencyColumns + ` FROM thalamus_emergencies WHERE person = $1 AND account = $2 AND until > now() ORDER BY until DESC LIMIT 1`

const noEmergency = "There is no such emergency."

// Each hands on a part of the openings by id: the earliest is first.
func (e Emergencies) Each(ctx context.Context, q EmergencyQuery, s Keyset[string], take func(Emergency) error) error {
	var one Emergency
	opened := keysetQuery{
		table: `thalamus_emergencies`, columns: emergencyColumns[len("id, "):], shown: emergencyColumns,
		where: emergencyCondition,
	}
	into := []any{&one.ID, &one.Person, &one.Account, &one.Purpose, &one.Reason, &one.Time, &one.Until, &one.Reviewed, &one.Reviewer, &one.Finding}
	return opened.each(ctx, e.db.pool.Query, parameters{q.Person, q.Reviewed, q.Own}, s, into, func() error { return take(one) })
}

// Emergencies are the openings of books as a reader has them.
type Emergencies View

// Open opens a person's book to the account that asks; created is false if it is open already.
func (e Emergencies) Open(ctx context.Context, w fed.Write, one Emergency) (open Emergency, created bool, err error) {
	one.ID = newSortedID()
	err = e.db.writes.within(ctx, func() error {
		return e.db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
			return pg.Transaction(ctx, conn, func(tx pgx.Tx) (err error) {
				open, created, err = insertEmergency(ctx, tx, w, one, e.db.emergency)
				return err
			})
		})
	})
	if known := e.db.guarded.known.Load(); err == nil && known != nil {
		known.open.add(open)
	}
	return open, created, classify(err)
}

func insertEmergency(ctx context.Context, tx pgx.Tx, w fed.Write, one Emergency, lasts time.Duration) (open Emergency, created bool, err error) {
	const insert = `INSERT INTO thalamus_emergencies (id, person, account, purpose, reason, until, request)
		SELECT $1, people.id, $3, $4, $5, now() + $6::interval, NULLIF($7, '') FROM people WHERE id = $2 AND jsonb_typeof(data) = 'object'
		RETURNING ` + emergencyColumns
	if _, err := tx.Exec(ctx, lockConsents, one.Person); err != nil {
		return one, false, err
	}

	rows, _ := tx.Query(ctx, findOpen, one.Person, w.Account)
	open, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Emergency])
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return open, false, err
	}

	rows, _ = tx.Query(ctx, insert, one.ID, one.Person, w.Account, one.Purpose, one.Reason, lasts, w.Request)
	open, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Emergency])
	return open, true, notFoundOr(err, noPerson)
}

// Review closes the case of an opening with what was found. What was found before is replaced.
func (e Emergencies) Review(ctx context.Context, w fed.Write, id, finding string) (reviewed Emergency, err error) {
	const q = `UPDATE thalamus_emergencies SET reviewed = clock_timestamp(), reviewer = NULLIF($2, ''), finding = $3 WHERE id = $1 RETURNING ` + emergencyColumns
	err = e.db.writes.within(ctx, func() error {
		return e.db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) (err error) {
			rows, _ := conn.Query(ctx, q, id, w.Account, finding)
			reviewed, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Emergency])
			return err
		})
	})
	return reviewed, notFoundOr(err, noEmergency)
}
