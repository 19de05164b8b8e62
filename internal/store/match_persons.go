// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/match"
)

// Columns that a comparison reads of a person. Household and gender may be any JSON.
const (
	householdOf  = `CASE WHEN jsonb_typeof(data -> 'du') = 'string' THEN left(data ->> 'du', 100) ELSE '' END`
	matchColumns = `id, words, COALESCE(birth, 0), CASE WHEN jsonb_typeof(data -> 'gender') = 'string' THEN left(data ->> 'gender', 20) ELSE '' END, ` + householdOf
)

// person is a person as read for comparisons.
type person struct {
	id                string
	words             []string
	birth             int
	gender, household string
}

func (p *person) fields() []any {
	return []any{&p.id, &p.words, &p.birth, &p.gender, &p.household}
}

// prepare makes a person ready for comparisons.
func (p *person) prepare(among *match.Frequencies) match.Person {
	return among.Prepare(p.words, p.birth, p.gender, p.household)
}

// withoutSettled leaves out the pairs that a link settles, directly or by inference: the
// two are the same, or are different.
func withoutSettled(ctx context.Context, q querier, pairs []Pair) (open []Pair, err error) {
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
