// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/match"
)

// A word outside of the frequent ones is taken to be a fourth as frequent as the least
// frequent of them; if there are none, one person in a thousand has it. A birth date is
// frequent if one person in two thousand has it.
const (
	defaultRareShare = 0.001
	rareFactor       = 0.25
)

// Queries of the frequencies among persons that ANALYZE has found.
const (
	analyzedWords = `SELECT word, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share)
		WHERE schemaname = current_schema() AND tablename = 'people' AND attname = 'words' AND word IS NOT NULL`
	analyzedBirths = `SELECT birth, share FROM pg_stats, unnest(most_common_vals::text::int[], most_common_freqs) AS common (birth, share)
		WHERE schemaname = current_schema() AND tablename = 'people' AND attname = 'birth' AND share > 0.0005`
)

// Queries of the same frequencies in a sample of the table's pages: for the time after
// persons were loaded and before the next ANALYZE.
const (
	sample = `WITH sample AS MATERIALIZED (
			SELECT words, birth FROM people TABLESAMPLE SYSTEM (least(100, $1::float8)) REPEATABLE (1)
		)`
	sampledWords = sample + ` SELECT word, count(*)::float8 / (SELECT count(*) FROM sample) FROM sample, unnest(words) AS word
		GROUP BY word HAVING count(*) > 2 AND count(*) > (SELECT count(*) FROM sample) / 1000 ORDER BY 2 DESC LIMIT 1000`
	sampledBirths = sample + ` SELECT birth, count(*)::float8 / (SELECT count(*) FROM sample) FROM sample
		WHERE birth IS NOT NULL GROUP BY birth HAVING count(*) > 9 AND count(*) > (SELECT count(*) FROM sample) / 200`
	sampledPages = 300.0
)

// frequencies reads about how many persons there are, and the shares of them who have a
// frequent word or birth date. analyzed tells that they are ANALYZE's and not those of a sample.
func frequencies(ctx context.Context, tx pgx.Tx) (p *match.Frequencies, analyzed bool, err error) {
	const q = `SELECT CASE WHEN relpages > 0 AND reltuples > 0 THEN reltuples / relpages ELSE 10 END * pages,
			relpages > pages / 2 AND EXISTS (SELECT FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'people' AND attname = 'words'),
			100 * $1 / greatest(pages, 1)
		FROM pg_class, LATERAL (SELECT pg_relation_size(oid) / current_setting('block_size')::float8 AS pages) AS now
		WHERE oid = 'people'::regclass`

	p = &match.Frequencies{Words: map[string]float64{}, Births: map[int]float64{}}
	var percent float64
	err = tx.QueryRow(ctx, q, sampledPages).Scan(&p.Persons, &analyzed, &percent)
	if err != nil {
		return nil, false, err
	}

	words, births, args := analyzedWords, analyzedBirths, []any{}
	if !analyzed {
		words, births, args = sampledWords, sampledBirths, []any{percent}
	}

	least := defaultRareShare / rareFactor
	var word string
	var birth int
	var share float64
	rows, _ := tx.Query(ctx, words, args...)

	_, err = pgx.ForEachRow(rows, []any{&word, &share}, func() error {
		p.Words[word], least = share, min(least, share)
		return nil
	})
	if err != nil {
		return nil, false, err
	}

	p.Rare = least * rareFactor
	rows, _ = tx.Query(ctx, births, args...)
	_, err = pgx.ForEachRow(rows, []any{&birth, &share}, func() error {
		p.Births[birth] = share
		return nil
	})

	return p, analyzed, err
}
