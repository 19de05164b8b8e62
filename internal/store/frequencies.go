// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/match"
)

// Words that were not seen as frequent are taken to be as rare as a fourth of the
// least frequent that was; if none was, one person in a thousand has any. A birth
// date is frequent if one in two thousand has it.
const (
	usualShare = 0.001
	rarerThan  = 0.25
)

// What is frequent among persons, as ANALYZE has found it.
const (
	analyzedWords = `SELECT word, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share)
		WHERE schemaname = 'public' AND tablename = 'people' AND attname = 'words' AND word IS NOT NULL`
	analyzedBirths = `SELECT birth, share FROM pg_stats, unnest(most_common_vals::text::int[], most_common_freqs) AS common (birth, share)
		WHERE schemaname = 'public' AND tablename = 'people' AND attname = 'birth' AND share > 0.0005`
)

// The same as some pages of the table say, for when persons were loaded since, or
// ANALYZE has not seen the words yet.
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

// population reads how many persons there are, about, and how frequent things are.
func population(ctx context.Context, tx pgx.Tx) (*match.Frequencies, error) {
	const q = `SELECT CASE WHEN relpages > 0 AND reltuples > 0 THEN reltuples / relpages ELSE 10 END * pages,
			relpages > pages / 2 AND EXISTS (SELECT FROM pg_stats WHERE schemaname = 'public' AND tablename = 'people' AND attname = 'words'),
			100 * $1 / greatest(pages, 1)
		FROM pg_class, LATERAL (SELECT pg_relation_size(oid) / current_setting('block_size')::float8 AS pages) AS now
		WHERE oid = 'public.people'::regclass`

	p := &match.Frequencies{Words: map[string]float64{}, Births: map[int]float64{}}
	var analyzed bool
	var percent float64
	if err := tx.QueryRow(ctx, q, sampledPages).Scan(&p.Persons, &analyzed, &percent); err != nil {
		return nil, err
	}

	words, births, args := analyzedWords, analyzedBirths, []any{}
	if !analyzed {
		words, births, args = sampledWords, sampledBirths, []any{percent}
	}

	least := usualShare / rarerThan
	var word string
	var birth int
	var share float64
	rows, _ := tx.Query(ctx, words, args...)

	_, err := pgx.ForEachRow(rows, []any{&word, &share}, func() error {
		p.Words[word], least = share, min(least, share)
		return nil
	})
	if err != nil {
		return nil, err
	}

	p.Rare = least * rarerThan
	rows, _ = tx.Query(ctx, births, args...)
	_, err = pgx.ForEachRow(rows, []any{&birth, &share}, func() error {
		p.Births[birth] = share
		return nil
	})

	return p, err
}

// wordShares is how frequent words are, as they were lately.
type wordShares struct {
	shares map[string]float64
	read   time.Time
}

// frequentWords gives the share of persons who have a frequent word, as it was a
// minute ago at the latest: every search asks, and reading it takes longer than a search.
func (db *DB) frequentWords(ctx context.Context, tx pgx.Tx) (map[string]float64, error) {
	if last := db.wordShares.Load(); last != nil && time.Since(last.read) < time.Minute {
		return last.shares, nil
	}

	now := wordShares{map[string]float64{}, time.Now()}
	var word string
	var share float64
	rows, _ := tx.Query(ctx, analyzedWords)

	_, err := pgx.ForEachRow(rows, []any{&word, &share}, func() error {
		now.shares[word] = share
		return nil
	})
	if err != nil {
		return nil, err
	}

	db.wordShares.Store(&now)
	return now.shares, nil
}
