// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/match"
)

// What a comparison reads of a person. Household and gender may be anything.
const (
	householdOf = `CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END`
	compared    = `id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, ` + householdOf
)

// person is one to be compared, as read.
type person struct {
	id                string
	words             []string
	birth             int
	gender, household string
}

func (p *person) fields() []any {
	return []any{&p.id, &p.words, &p.birth, &p.gender, &p.household}
}

// Words and dates that PostgreSQL has not noticed as frequent are taken to be as
// rare as a fourth of the least frequent that it has; if it has noticed none, one
// person in a thousand has any.
const (
	usualShare = 0.001
	rarerThan  = 0.25
)

// population reads how frequent things are, as ANALYZE has found it.
func population(ctx context.Context, tx pgx.Tx) (*match.Population, error) {
	const words = `SELECT word, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share)
		WHERE schemaname = 'public' AND tablename = 'people' AND attname = 'words' AND word IS NOT NULL`
	const births = `SELECT birth, share FROM pg_stats, unnest(most_common_vals::text::int[], most_common_freqs) AS common (birth, share)
		WHERE schemaname = 'public' AND tablename = 'people' AND attname = 'birth' AND share > 0.0005`
	p := &match.Population{Words: map[string]float64{}, Births: map[int]float64{}}
	least := usualShare / rarerThan
	var word string
	var birth int
	var share float64
	rows, _ := tx.Query(ctx, words)
	_, err := pgx.ForEachRow(rows, []any{&word, &share}, func() error {
		p.Words[word], least = share, min(least, share)
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.Rare = least * rarerThan
	rows, _ = tx.Query(ctx, births)
	_, err = pgx.ForEachRow(rows, []any{&birth, &share}, func() error {
		p.Births[birth] = share
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = tx.QueryRow(ctx, `SELECT reltuples FROM pg_class WHERE oid = 'public.people'::regclass`).Scan(&p.Persons)
	return p, err
}

// prepare makes a person ready for comparisons.
func (p *person) prepare(among *match.Population) match.Person {
	return among.Person(p.words, p.birth, p.gender, p.household)
}

// unsettled leaves out pairs of whom somebody has said that they are the same, or
// are not, and what follows from that.
func unsettled(ctx context.Context, q querier, pairs []Pair) (open []Pair, err error) {
	if len(pairs) == 0 {
		return nil, nil
	}
	const query = `SELECT n FROM unnest($1::varchar[], $2::varchar[]) WITH ORDINALITY AS pair (a, b, n) WHERE NOT thalamus_settled(a, b) ORDER BY n`
	a, b := make([]string, len(pairs)), make([]string, len(pairs))
	for i, pair := range pairs {
		a[i], b[i] = pair.Person, pair.Other
	}
	rows, _ := q.Query(ctx, query, a, b)
	var n int
	_, err = pgx.ForEachRow(rows, []any{&n}, func() error {
		open = append(open, pairs[n-1])
		return nil
	})
	return open, err
}
