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
	maxSimilar     = 60   // words that one may stand for
	mostCandidates = 2000 // persons who are ranked
	mostPartial    = 500  // of those whom some words do not fit
)

// Search asks for persons by words of their names, which may be misspelt.
type Search struct {
	Text   string
	Filter PersonFilter
	Limit  int
}

// searching makes a search see one state of the database. Its queries need one plan for a
// rare name and another for a frequent one.
var searching = pgx.TxOptions{
	BeginQuery: `BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan`,
}

// SearchPersons hands on the persons who match best, the best first, with a
// score of 0 to 1. All words match first; when these are too few, persons whom
// some words do not fit come, too. A text without words, or with too many, is
// Invalid.
func (v View) SearchPersons(ctx context.Context, s Search, flow Flow, take func(id string, score float64, person fed.Record) error) error {
	var found []candidate
	err := v.db.pool.Read(ctx, searching, func(tx pgx.Tx) error {
		frequent, err := v.db.frequentWords(ctx, tx)
		if err != nil {
			return err
		}

		question, err := readQuestion(ctx, tx, s.Text, frequent)
		if err != nil {
			return err
		}

		found, err = s.find(ctx, tx, question)
		return err
	})
	if err != nil || len(found) == 0 {
		return classify(err)
	}

	return v.db.read(ctx, flow, v.db.ranked(found, take))
}

// ranked is the records of candidates, in their order.
func (db *DB) ranked(found []candidate, take func(string, float64, fed.Record) error) list {
	scores := make(map[string]float64, len(found))
	persons := &idList{runRest: db.onAnyConnection, restArgs: parameters{nil}, restSource: byIDs(`people`, `id, data`, isObject)}
	for _, c := range found {
		scores[c.id] = c.score
		persons.rest = append(persons.rest, c.id)
	}

	persons.listColumns = listColumns{shown: personText, take: func(id string, person fed.Record) error { return take(id, scores[id], person) }}
	return persons
}

// find asks for nearer words first, and goes on while there are too few persons.
func (s Search) find(ctx context.Context, tx pgx.Tx, q question) ([]candidate, error) {
	found := map[string]candidate{}
	for _, step := range s.steps(q) {
		if len(found) >= s.Limit {
			break
		}
		if err := s.gather(ctx, tx, q, step, found); err != nil {
			return nil, err
		}
	}

	best := slices.SortedFunc(maps.Values(found), func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.extra, b.extra), cmp.Compare(a.id, b.id))
	})

	return best[:min(s.Limit, len(best))], nil
}

// gather adds the persons whom a step finds.
func (s Search) gather(ctx context.Context, tx pgx.Tx, question question, step step, found map[string]candidate) error {
	var args parameters
	ways := make([]string, len(step.ways))
	for i, way := range step.ways {
		ways[i] = way.sql(&args)
	}

	if s.Filter.BornTo > 0 { // or the dates would be looked up for each way
		ways = []string{`(` + strings.Join(ways, `) OR (`) + `)`}
	}

	filter, most := s.Filter.and(&args), strconv.Itoa(max(1, min(step.most/len(ways), mostCandidates)))
	for i, way := range ways {
		ways[i] = `(SELECT id, words FROM people WHERE (` + way + `)` + filter + ` LIMIT ` + most + `)`
	}

	rows, _ := tx.Query(ctx, strings.Join(ways, ` UNION ALL `), args...)
	var id string
	var has []string
	_, err := pgx.ForEachRow(rows, []any{&id, &has}, func() error {
		found[id] = question.rate(id, has)
		return nil
	})

	return err
}
