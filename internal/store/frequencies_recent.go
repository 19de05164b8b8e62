// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/match"
)

// recent is a value that each request needs and that changes seldom.
type recent[T any] struct {
	last atomic.Pointer[recentValue[T]]
}

type recentValue[T any] struct {
	value T
	read  time.Time
}

// get gives the value, at most a minute old, or else reads it, and keeps it if it may.
func (r *recent[T]) get(read func() (value T, keep bool, err error)) (T, error) {
	if last := r.last.Load(); last != nil && time.Since(last.read) < time.Minute {
		return last.value, nil
	}

	begun := time.Now()
	value, keep, err := read()
	if err == nil && keep {
		r.last.Store(&recentValue[T]{value, begun})
	}
	return value, err
}

// knownFrequencies gives the frequencies that ANALYZE has found, at most a minute old: reading them
// takes a third of a search for matches. Those of a sample are read each time: it is taken while
// persons are loaded. Nobody may change them.
func (db *DB) knownFrequencies(ctx context.Context, tx pgx.Tx) (*match.Frequencies, error) {
	return db.frequencies.get(func() (*match.Frequencies, bool, error) { return frequencies(ctx, tx) })
}

// frequentWords gives the share of persons for each frequent word, at most a minute old:
// every search needs it, and reading it takes longer than a search.
func (db *DB) frequentWords(ctx context.Context, tx pgx.Tx) (map[string]float64, error) {
	return db.wordShares.get(func() (map[string]float64, bool, error) {
		shares := map[string]float64{}
		var word string
		var share float64
		rows, _ := tx.Query(ctx, analyzedWords)

		_, err := pgx.ForEachRow(rows, []any{&word, &share}, func() error {
			shares[word] = share
			return nil
		})
		return shares, true, err
	})
}
