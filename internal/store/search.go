// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// Bounds of a search, so that no question is a burden: of a word that a million
// persons have, some of them are ranked.
const (
	mostWords      = 8    // that are asked for
	mostTokens     = 16   // the same, with runs taken apart
	mostNear       = 60   // words that one may stand for
	mostCandidates = 2000 // persons who are ranked
	mostPartial    = 500  // of those whom one word does not fit
)

// Search asks for persons by words of their names, which may be misspelt.
type Search struct {
	Text   string
	Filter PersonFilter
	Limit  int
}

// searching makes a search see one state of the database. What it asks has one
// plan for a rare name and another for a frequent one.
var searching = pgx.TxOptions{
	BeginQuery: `BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan`,
}

// SearchPersons hands on the persons who match best, the best first, with a
// score of 0 to 1. All words match first; when these are too few, persons whom
// one word of several does not fit come, too. A text without words, or with too
// many, is Invalid.
func (db *DB) SearchPersons(ctx context.Context, s Search, take func(score float64, person fed.Record) error) error {
	var taking error
	err := pgx.BeginTxFunc(ctx, db.pool, searching, func(tx pgx.Tx) error {
		words, err := readWords(ctx, tx, s.Text)
		if err != nil {
			return err
		}
		found, err := s.find(ctx, tx, words)
		if err != nil {
			return err
		}
		taking = handOn(ctx, tx, found, take)
		return taking
	})
	if taking != nil {
		return taking
	}
	return explain(err)
}

// candidate is a person whose words were found.
type candidate struct {
	id    string
	score float64
	extra int // words that were not asked for
}

// find asks for nearer words first, and goes on while there are too few persons.
func (s Search) find(ctx context.Context, tx pgx.Tx, words []wanted) ([]candidate, error) {
	found := map[string]candidate{}
	for _, condition := range s.conditions(words) {
		if len(found) >= s.Limit {
			break
		}
		if err := s.gather(ctx, tx, words, condition, found); err != nil {
			return nil, err
		}
	}
	best := slices.SortedFunc(maps.Values(found), func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.extra, b.extra), cmp.Compare(a.id, b.id))
	})
	return best[:min(s.Limit, len(best))], nil
}

// gather adds the persons who meet a condition.
func (s Search) gather(ctx context.Context, tx pgx.Tx, words []wanted, c condition, found map[string]candidate) error {
	args := parameters(slices.Clone(c.args))
	filter, limit := s.Filter.and(&args), strconv.Itoa(c.most)
	parts := make([]string, len(c.sql))
	for i, sql := range c.sql {
		parts[i] = `(SELECT id, words FROM people WHERE (` + sql + `)` + filter + ` LIMIT ` + limit + `)`
	}
	q := strings.Join(parts, ` UNION ALL `)
	rows, _ := tx.Query(ctx, q, args...)
	var id string
	var has []string
	_, err := pgx.ForEachRow(rows, []any{&id, &has}, func() error {
		found[id] = rate(id, has, words)
		return nil
	})
	return err
}

// rate compares a person's words with those that were asked for.
func rate(id string, has []string, words []wanted) candidate {
	c := candidate{id: id, extra: len(has)}
	for _, word := range words {
		best := 0.0
		for _, h := range has {
			best = max(best, word.likeness[h])
		}
		if best > 0 {
			c.extra--
		}
		c.score += best / float64(len(words))
	}
	return c
}

// handOn reads the records, in their order.
func handOn(ctx context.Context, tx pgx.Tx, found []candidate, take func(float64, fed.Record) error) error {
	const q = `SELECT n, (data - 'password')::text FROM unnest($1::varchar[]) WITH ORDINALITY AS found (id, n)
		JOIN people USING (id) ORDER BY n`
	ids := make([]string, len(found))
	for i, c := range found {
		ids[i] = c.id
	}
	rows, _ := tx.Query(ctx, q, ids)
	var n int
	var text []byte
	return forEach(rows, []any{&n, &text}, func() error { return take(found[n-1].score, text) })
}

// condition is what persons must meet, as SQL with parameters. It may be met in
// several ways; of each some persons are wanted.
type condition struct {
	sql  []string
	args []any
	most int // persons of each
}

// conditions gives the questions of a search, the narrowest first.
func (s Search) conditions(words []wanted) (all []condition) {
	for level := exact; level <= far; level++ {
		if !slices.ContainsFunc(words, func(w wanted) bool { return w.has(level) }) {
			continue // it would say the same again
		}
		c := condition{most: mostCandidates}
		for _, word := range words {
			c.args = append(c.args, word.upTo(level))
		}
		c.sql = []string{allBut(-1, len(words))}
		all = append(all, c)
	}
	if len(words) > 1 {
		all = append(all, s.butOne(words))
	}
	return all
}

// butOne is met by persons who have all words but one, each as near as it is to
// be had. Of two words one is left: those who have that are all alike, and a few
// more than are wanted do. One way is not to use up the places of another, unless
// there is a birth date, which would be looked up for each of them.
func (s Search) butOne(words []wanted) (c condition) {
	c.most = mostPartial
	if len(words) == 2 && s.Filter.BornTo == 0 {
		c.most = min(c.most, 4*s.Limit)
	}
	for missing, word := range words {
		c.args = append(c.args, word.upTo(word.best()))
		c.sql = append(c.sql, allBut(missing, len(words)))
	}
	if s.Filter.BornTo > 0 {
		c.sql = []string{strings.Join(c.sql, ` OR `)}
	} else {
		c.most = (c.most + len(words) - 1) / len(words)
	}
	return c
}

// allBut asks for all words but one, of which there are at least two; -1 for all.
func allBut(missing, words int) string {
	var sql []string
	for i := range words {
		if i != missing {
			sql = append(sql, `words && $`+strconv.Itoa(i+1))
		}
	}
	return strings.Join(sql, ` AND `)
}
