// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/pg"
)

// Link says that a person is the same as another one, or is another. A derived link has no
// author and no time; both are null.
type Link struct {
	Other   string
	Same    bool
	Direct  bool       // it was said of these two; else it follows from what was said of others
	Account *string    // of the one who said it
	Time    *time.Time // when
}

// knownLinks finds all links of a person, $1: those that were recorded, and those that follow.
const knownLinks = `(
	WITH mine AS MATERIALIZED (
		SELECT id FROM unnest(thalamus_cluster($1)) AS id
	), direct AS MATERIALIZED (
		SELECT other AS id, same, account, time FROM thalamus_links WHERE person = $1
		UNION ALL SELECT person, same, account, time FROM thalamus_links WHERE other = $1
	), others AS (
		SELECT l.other AS id FROM mine JOIN thalamus_links AS l ON l.person = mine.id WHERE NOT l.same
		UNION SELECT l.person FROM mine JOIN thalamus_links AS l ON l.other = mine.id WHERE NOT l.same
	), following AS (
		SELECT id, true AS same FROM mine WHERE id <> $1
		UNION SELECT known.id, false FROM others, unnest(thalamus_cluster(others.id)) AS known (id)
	)
	SELECT id, same, true AS direct, account, time FROM direct
	UNION ALL SELECT id, same, false, NULL, NULL FROM following WHERE id NOT IN (SELECT id FROM direct)
) AS known`

// Links hands on a part of a person's links, in the order of the others' ids.
func (v View) Links(ctx context.Context, person string, s Keyset[string], take func(Link) error) error {
	const exists = `SELECT 1 FROM people WHERE id = $1 AND jsonb_typeof(data) = 'object'`
	links := keysetQuery{table: knownLinks, columns: `same, direct, account, time`, shown: `id, same, direct, account, time`, where: `true`}
	var l Link
	found := false
	into := []any{&l.Other, &l.Same, &l.Direct, &l.Account, &l.Time}

	err := links.each(ctx, v.db.origin().pool.Query, parameters{person}, s, into, func() error {
		found = true
		return take(l)
	})
	if err != nil || found {
		return err
	}

	one := 0
	return notFoundOr(v.db.origin().pool.QueryRow(ctx, exists, person).Scan(&one), noPerson)
}

// linkRefusals are the errors of links that are not recorded, by the answers of thalamus_link.
var linkRefusals = map[string]*fed.Error{
	"one":           {Kind: fed.NotFound, Msg: noPerson},
	"two":           {Kind: fed.Invalid, Msg: "There is no such other person."},
	"contradiction": {Kind: fed.Conflict, Msg: "This contradicts what is known of the two; what was said is taken back by DELETE first."},
	"too many":      {Kind: fed.Invalid, Msg: "More than 64 persons cannot be the same."},
}

// Link records that two persons are the same, or are not; created is false when that
// was said before.
func (db *DB) Link(ctx context.Context, w fed.Write, person, other string, same bool) (l Link, created bool, err error) {
	const q = `SELECT thalamus_link($1, $2, $3, $4, $5)`
	const stored = `SELECT account, time, COALESCE(request = NULLIF($3, ''), false) FROM thalamus_links WHERE (person, other) IN (($1, $2), ($2, $1))`
	l = Link{Other: other, Same: same, Direct: true}

	if err := db.writes.enter(ctx); err != nil {
		return l, false, err
	}
	defer db.writes.leave()

	err = db.pool.Write(ctx, func(conn *pgx.Conn, again bool) error {
		return pg.Transaction(ctx, conn, func(tx pgx.Tx) error {
			outcome := ""
			if err := tx.QueryRow(ctx, q, person, other, same, w.Account, w.Request).Scan(&outcome); err != nil {
				return err
			}
			if refusal := linkRefusals[outcome]; refusal != nil {
				return refusal
			}

			own := false
			err := tx.QueryRow(ctx, stored, person, other, w.Request).Scan(&l.Account, &l.Time, &own)
			created = outcome == "created" || again && own
			return err
		})
	})

	return l, created, classify(err)
}

// Unlink takes back what was said of two persons.
func (db *DB) Unlink(ctx context.Context, person, other string) error {
	const q = `SELECT thalamus_unlink($1, $2)`
	was := false
	err := db.writes.within(ctx, func() error {
		return db.pool.Write(ctx, func(conn *pgx.Conn, again bool) error {
			err := conn.QueryRow(ctx, q, person, other).Scan(&was)
			if err != nil || was || !again {
				return err
			}

			was = true // nothing tells whether an earlier run or somebody else took it back
			_, err = conn.Exec(ctx, awaitStandby)
			return err
		})
	})
	if err != nil {
		return classify(err)
	}
	if !was {
		return fed.Errorf(fed.NotFound, "Nothing was said of these two persons.")
	}

	return nil
}

// Same gives the persons who are known to be the same, by the smallest of their ids.
func (v View) Same(ctx context.Context, smallest string) (persons []string, err error) {
	const q = `SELECT id FROM people WHERE linked = $1 AND jsonb_typeof(data) = 'object' ORDER BY id COLLATE "C"`
	rows, _ := v.db.origin().pool.Query(ctx, q, smallest)
	persons, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return persons, classify(err)
}

// Cluster gives a person and the others who are known to be the same.
func (v View) Cluster(ctx context.Context, person string) (persons []string, err error) {
	const q = `SELECT thalamus_cluster($1)`
	err = v.db.origin().pool.QueryRow(ctx, q, person).Scan(&persons)
	return persons, classify(err)
}
