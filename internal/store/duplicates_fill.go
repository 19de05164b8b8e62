// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// QueueDuplicates finds all pairs of persons who are probably one, and puts them into the queue in place of
// those that were found before and are not any more. told hears of each part. ran is false if somebody
// else does the same just now: one program does at a time.
func (db *DB) QueueDuplicates(ctx context.Context, told func(DuplicatesPart)) (ran bool, err error) {
	const lock = `SELECT pg_try_advisory_xact_lock(x'7468616c'::int, 6), now()`
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return false, classify(err)
	}
	defer conn.Release()

	err = pgx.BeginTxFunc(ctx, conn.Conn(), pgx.TxOptions{BeginQuery: `BEGIN; ` + noTimeouts}, func(tx pgx.Tx) error {
		var began time.Time
		if err := tx.QueryRow(ctx, lock).Scan(&ran, &began); err != nil || !ran {
			return err
		}
		return db.fillQueue(ctx, began, told)
	})
	return ran, classify(err)
}

func (db *DB) fillQueue(ctx context.Context, began time.Time, told func(DuplicatesPart)) error {
	const rest = `DELETE FROM thalamus_duplicates WHERE decided IS NULL AND found < $1`
	err := db.For(fed.Operator).Duplicates(ctx, "", func(found DuplicatesPart) error {
		told(found)
		return db.queuePairs(ctx, began, found.Pairs)
	})
	if err != nil {
		return err
	}
	return db.execSession(ctx, rest, began)
}

// queuePairs adds pairs. One that was decided before the search began is open again: no link says so any more.
func (db *DB) queuePairs(ctx context.Context, began time.Time, pairs []Pair) error {
	const q = `INSERT INTO thalamus_duplicates AS known (person, other, doubt, found)
		SELECT person, other, doubt, $4 FROM unnest($1::text[], $2::text[], $3::float8[]) AS pair (person, other, doubt)
		ON CONFLICT (person, other) DO UPDATE SET doubt = EXCLUDED.doubt, found = EXCLUDED.found, decided = NULL, account = NULL, time = NULL
		WHERE known.decided IS NULL OR known.time < $4`
	if len(pairs) == 0 {
		return nil
	}

	var persons, others []string
	var doubts []float64
	for _, pair := range pairs {
		persons, others, doubts = append(persons, pair.Person), append(others, pair.Other), append(doubts, 1-pair.Score)
	}
	return db.execSession(ctx, q, persons, others, doubts, began)
}
