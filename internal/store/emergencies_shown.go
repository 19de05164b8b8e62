// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Newest gives a part of the openings, the newest first.
func (e Emergencies) Newest(ctx context.Context, q EmergencyQuery, s Keyset[string]) (found []Emergency, more bool, err error) {
	const newest = `SELECT ` + emergencyColumns + ` FROM thalamus_emergencies WHERE ` + emergencyCondition + `
		AND ($4::text IS NULL OR id < $4) ORDER BY id DESC LIMIT $5`
	found, err = emergencies(e.db.origin().pool.Query(ctx, newest, q.Person, q.Reviewed, q.Own, s.After, s.Limit+1))
	return found[:min(s.Limit, len(found))], len(found) > s.Limit, err
}

// One gives an opening. NotFound: there is none with this id.
func (e Emergencies) One(ctx context.Context, id string) (one Emergency, err error) {
	const q = `SELECT ` + emergencyColumns + ` FROM thalamus_emergencies WHERE id = $1`
	rows, _ := e.db.origin().pool.Query(ctx, q, id)
	one, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Emergency])
	return one, notFoundOr(err, noEmergency)
}

// OpenNow gives the emergency in which the reader reads a person's book; ok is false if there is none.
func (e Emergencies) OpenNow(ctx context.Context, person string) (open Emergency, ok bool, err error) {
	rows, _ := e.db.origin().pool.Query(ctx, findOpen, person, e.reader.Account)
	open, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Emergency])
	if errors.Is(err, pgx.ErrNoRows) {
		return open, false, nil
	}
	return open, err == nil, classify(err)
}

// Unseen gives so many of the openings of a person's book that the person has not acknowledged, the newest first.
func (e Emergencies) Unseen(ctx context.Context, person string, most int) ([]Emergency, error) {
	const q = `SELECT ` + emergencyColumns + ` FROM thalamus_emergencies WHERE person = $1 AND acknowledged IS NULL AND ` + sincePersonCreation + ` ORDER BY id DESC LIMIT $2`
	return emergencies(e.db.origin().pool.Query(ctx, q, person, most))
}

// Acknowledge notes that a person has seen an opening of the own book. NotFound: it is of another's, or there is none.
func (e Emergencies) Acknowledge(ctx context.Context, person, id string) error {
	const q = `UPDATE thalamus_emergencies SET acknowledged = COALESCE(acknowledged, clock_timestamp())
		WHERE person = $1 AND id = $2 AND ` + sincePersonCreation + ` RETURNING id`
	err := e.db.writes.within(ctx, func() error {
		return e.db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
			return conn.QueryRow(ctx, q, person, id).Scan(new(string))
		})
	})
	return notFoundOr(err, noEmergency)
}

func emergencies(rows pgx.Rows, _ error) ([]Emergency, error) { // the rows have the error, too
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Emergency])
	return all, classify(err)
}
