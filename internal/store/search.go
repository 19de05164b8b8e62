// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// Bounds of a search, so that no question is a burden: of a word that a million
// persons have, some of them are ranked.
const (
	maxSimilar = 60   // words that one may stand for
	maxRanked  = 2000 // persons who are ranked
	maxPartial = 500  // of those whom some words do not fit
)

// Bounds of the text of a search, in characters.
const (
	MaxSearchText = 600 // the whole name of an identity card
	MaxSearchWord = 200 // of them
)

// IsSearchText reports whether a text is within the bounds of a search.
func IsSearchText(text string) bool {
	tooLong := func(word string) bool { return utf8.RuneCountInString(word) > MaxSearchWord }
	return utf8.RuneCountInString(text) <= MaxSearchText && !slices.ContainsFunc(strings.Fields(text), tooLong)
}

// Search asks for persons by words of their names, which may be misspelt.
type Search struct {
	Text   string
	Filter PersonFilter
	Limit  int
}

// customPlanTxOptions make a search see one state of the database, and plan each of its
// queries anew: a rare name needs another plan than a frequent one.
var customPlanTxOptions = pgx.TxOptions{
	BeginQuery: `BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL plan_cache_mode = force_custom_plan`,
}

// SearchPersons hands on the persons whom RankPersons finds, with their scores.
func (v View) SearchPersons(ctx context.Context, s Search, flow Flow, take func(id string, score float64, person fed.Record) error) error {
	found, err := v.RankPersons(ctx, s)
	if err != nil || len(found) == 0 {
		return err
	}
	return v.db.read(ctx, flow, v.db.rankedList(found, take))
}

// Ranked is a person whom a search has found.
type Ranked struct {
	ID    string
	Score float64 // from 0 to 1
}

// RankPersons gives the persons who match best, the best first. All words match first; when these are
// too few, persons whom some words do not fit come, too. A text without words, or with too many, is
// Invalid.
func (v View) RankPersons(ctx context.Context, s Search) (ranked []Ranked, err error) {
	var found []candidate
	err = v.db.pool.Read(ctx, customPlanTxOptions, func(tx pgx.Tx) error {
		frequent, err := v.db.frequentWords(ctx, tx)
		if err != nil {
			return err
		}

		query, err := parseQuery(ctx, tx, s.Text, frequent)
		if err != nil {
			return err
		}

		found, err = s.findCandidates(ctx, tx, query)
		return err
	})

	for _, c := range found {
		ranked = append(ranked, Ranked{c.id, c.score})
	}
	return ranked, classify(err)
}

// rankedList is the records of persons, in their order.
func (db *DB) rankedList(found []Ranked, take func(string, float64, fed.Record) error) list {
	scores := make(map[string]float64, len(found))
	persons := &idList{runRest: db.onAnyConnection, restArgs: parameters{nil}, restSource: byIDs(`people`, `id, data`, isObject)}
	for _, r := range found {
		scores[r.ID] = r.Score
		persons.rest = append(persons.rest, r.ID)
	}

	persons.listColumns = listColumns{shown: personText, take: func(id string, person fed.Record) error { return take(id, scores[id], person) }}
	return persons
}

// findCandidates asks for nearer words first, and goes on while there are too few persons.
func (s Search) findCandidates(ctx context.Context, tx pgx.Tx, q searchQuery) ([]candidate, error) {
	found := map[string]candidate{}
	for _, step := range s.steps(q) {
		if len(found) >= s.Limit {
			break
		}
		if err := s.addCandidates(ctx, tx, q, step, found); err != nil {
			return nil, err
		}
	}

	best := slices.SortedFunc(maps.Values(found), func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.extra, b.extra), cmp.Compare(a.id, b.id))
	})

	return best[:min(s.Limit, len(best))], nil
}

// addCandidates adds the persons whom a step finds, with their scores.
func (s Search) addCandidates(ctx context.Context, tx pgx.Tx, query searchQuery, step searchStep, found map[string]candidate) error {
	var args parameters
	conditions := make([]string, len(step.conditions))
	for i, condition := range step.conditions {
		conditions[i] = condition.sql(&args)
	}

	if s.Filter.BornTo > 0 { // or the dates would be looked up for each of them
		conditions = []string{`(` + strings.Join(conditions, `) OR (`) + `)`}
	}

	filter, limit := s.Filter.andSQL(&args), strconv.Itoa(max(1, min(step.max/len(conditions), maxRanked)))
	for i, condition := range conditions {
		conditions[i] = `(SELECT id, words FROM people WHERE (` + condition + `)` + filter + ` LIMIT ` + limit + `)`
	}

	rows, _ := tx.Query(ctx, strings.Join(conditions, ` UNION ALL `), args...)
	var id string
	var has []string
	_, err := pgx.ForEachRow(rows, []any{&id, &has}, func() error {
		found[id] = query.score(id, has)
		return nil
	})

	return err
}
