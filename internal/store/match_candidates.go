// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/match"
)

// Bounds of a search for matches. Where a million persons have something in common, some
// of them are compared.
const (
	maxMatchWords = 6    // of the person's names,
	maxOtherWords = 10   // and with those that these are, joined or split
	maxCandidates = 1000 // of one query
)

// Matches gives the other persons who are probably the same as one, the best first,
// without the pairs that links settle. It compares as Duplicates does.
func (v View) Matches(ctx context.Context, id string, limit int) (found []Pair, err error) {
	const q = `SELECT ` + matchColumns + ` FROM people WHERE id = $1 AND jsonb_typeof(data) = 'object'`
	return findMatches(ctx, v.db, limit, q, id)
}

// MatchesOf is Matches for a person who need not be stored, and of whose record it is said what it would have.
func (v View) MatchesOf(ctx context.Context, data fed.Record, limit int) (found []Pair, err error) {
	const q = `SELECT ` + matchColumns + ` FROM (SELECT '' AS id, thalamus_words($1) AS words, thalamus_birth($1) AS birth, $1::jsonb AS data) AS asked`
	return findMatches(ctx, v.db, limit, q, data)
}

// findMatches compares the person whom a statement gives.
func findMatches(ctx context.Context, db *DB, limit int, q string, arg any) (found []Pair, err error) {
	err = db.pool.Read(ctx, customPlanTxOptions, func(tx pgx.Tx) error {
		frequent, err := db.knownFrequencies(ctx, tx)
		if err != nil {
			return err
		}

		c := matchCandidates{tx: tx, candidates: map[string]person{}}
		if err := tx.QueryRow(ctx, q, arg).Scan(c.person.fields()...); err != nil {
			return err
		}
		if err := c.spell(ctx, frequent); err != nil {
			return err
		}
		if err := c.findAll(ctx); err != nil {
			return err
		}

		found, err = withoutSettled(ctx, tx, c.compare(frequent))
		return err
	})
	return found[:min(limit, len(found))], notFoundOr(err, noPerson)
}

// matchCandidates are a person and the candidates: others who may be the same.
type matchCandidates struct {
	tx         pgx.Tx
	person     person
	words      []*searchWord
	candidates map[string]person
}

// spell finds other spellings of the person's names.
func (c *matchCandidates) spell(ctx context.Context, among *match.Frequencies) error {
	var names searchQuery
	for _, word := range c.person.words {
		if len(names.terms) < maxMatchWords {
			names.add(newSearchWord(word))
		}
	}

	if err := names.expandTerms(ctx, c.tx, among.Words); err != nil {
		return err
	}

	c.words = names.terms
	for _, word := range names.allWords() {
		same := slices.ContainsFunc(c.words, func(w *searchWord) bool { return w.text() == word.text() })
		if !same && len(c.words) < maxOtherWords {
			c.words = append(c.words, word)
		}
	}

	for _, word := range c.words {
		if word.short() {
			word.similar = word.similar[:1] // or it would fit half of all persons
		}
	}

	return nil
}

// compare gives the persons whose score reaches the threshold, the best first.
func (c *matchCandidates) compare(among *match.Frequencies) (found []Pair) {
	one := c.person.prepare(among)
	for id, other := range c.candidates {
		prepared := other.prepare(among)
		if r := among.Compare(&one, &prepared); r.Score >= match.Threshold {
			found = append(found, Pair{c.person.id, id, r})
		}
	}

	slices.SortFunc(found, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Other, b.Other))
	})

	return found
}

// question is a condition that candidates meet.
type question struct {
	condition string
	args      []any
	narrower  *question // asked besides, where too many meet this one; or nil
}

// findAll finds the candidates: persons who share a block with this one, as Duplicates
// blocks them, and persons with misspelt words, whom blocking need not find.
func (c *matchCandidates) findAll(ctx context.Context) error {
	return c.askAll(ctx, slices.Concat(c.sameBirth(), c.similarBirth(), c.twoWords(), c.household()))
}

// askAll adds the persons whom the questions find. It sends them together: of many short
// answers, waiting for each would take longer than finding them.
func (c *matchCandidates) askAll(ctx context.Context, all []question) error {
	var batch pgx.Batch
	var narrower []question
	for _, q := range all {
		batch.Queue(q.sql(), q.args...).Query(func(rows pgx.Rows) error {
			count, err := c.add(rows)
			if count == maxCandidates && q.narrower != nil {
				narrower = append(narrower, *q.narrower)
			}
			return err
		})
	}

	err := c.tx.SendBatch(ctx, &batch).Close()
	if err != nil || len(narrower) == 0 {
		return err
	}
	return c.askAll(ctx, narrower)
}

func (q question) sql() string {
	return `SELECT ` + matchColumns + ` FROM people WHERE (` + q.condition + `) AND jsonb_typeof(data) = 'object' LIMIT ` + strconv.Itoa(maxCandidates)
}

// add adds persons, and counts them.
func (c *matchCandidates) add(rows pgx.Rows) (count int, err error) {
	var other person
	_, err = pgx.ForEachRow(rows, other.fields(), func() error {
		count++
		if other.id != c.person.id {
			c.candidates[other.id] = other
		}
		return nil
	})
	return count, err
}

// sameBirth finds persons with the same date, or with day and month swapped, whatever
// the names are. Where too many have it a word of the names must fit, too.
func (c *matchCandidates) sameBirth() []question {
	birth := c.person.birth
	if birth == 0 {
		return nil
	}

	dates := []int{birth, swapDayAndMonth(birth)}
	return []question{{`birth = ANY($1)`, []any{dates}, &question{`birth = ANY($1) AND words && $2`, []any{dates, c.anyWord()}, nil}}}
}

// similarBirth finds persons with a date that differs in one digit, or only in how exact it
// is, and with a word that fits.
func (c *matchCandidates) similarBirth() []question {
	if c.person.birth == 0 {
		return nil
	}
	return []question{{`birth = ANY($1) AND words && $2`, []any{similarDates(c.person.birth), c.anyWord()}, nil}}
}

// twoWords finds persons who have two words of the names, whatever the date is. Where too
// many have them the date must be alike. Misspelt words are household's.
func (c *matchCandidates) twoWords() (all []question) {
	dates := similarDates(c.person.birth)
	for i := range c.words {
		for j := range i {
			pair := []string{c.words[i].text(), c.words[j].text()}
			all = append(all, question{`words @> $1`, []any{pair}, &question{`words @> $1 AND birth = ANY($2)`, []any{pair, dates}, nil}})
		}
	}
	return all
}

// household finds persons of the same household with two words that may be misspelt.
func (c *matchCandidates) household() (all []question) {
	if c.person.household == "" {
		return nil
	}

	for i := range c.words {
		for j := range i {
			args := []any{c.words[i].wordsUpTo(far), c.words[j].wordsUpTo(far), c.person.household}
			all = append(all, question{`words && $1 AND words && $2 AND ` + householdOf + ` = $3`, args, nil})
		}
	}
	return all
}

// anyWord gives all words that fit a word of the person's.
func (c *matchCandidates) anyWord() []string {
	words := []string{}
	for _, word := range c.words {
		words = append(words, word.wordsUpTo(far)...)
	}
	return words
}

// swapDayAndMonth gives a date with day and month swapped, if it is one then.
func swapDayAndMonth(birth int) int {
	year, month, day := birth/10000, birth/100%100, birth%100
	if day == 0 || day > 12 {
		return birth
	}
	return year*10000 + day*100 + month
}

// similarDates gives the dates that differ in one digit, in two neighbours that are
// transposed, or by a day, and the less and the more exact forms of the same date.
func similarDates(birth int) (dates []int) {
	if birth == 0 {
		return nil
	}

	for place := 1; place <= 10_000_000; place *= 10 {
		digit, next := birth/place%10, birth/place/10%10
		for other := range 10 {
			dates = append(dates, birth+(other-digit)*place)
		}
		dates = append(dates, birth+(next-digit)*place+(digit-next)*place*10)
	}

	dates = append(dates, birth/100*100, birth/10000*10000, daysAfter(birth, -1), daysAfter(birth, 1))
	most := birth
	switch {
	case birth%10000 == 0: // a year
		most += 1231
	case birth%100 == 0: // a month
		most += 31
	}

	for date := birth + 1; date <= most; date++ {
		dates = append(dates, date)
	}

	return slices.DeleteFunc(dates, func(d int) bool { return d/100%100 > 12 || d%100 > 31 })
}

func daysAfter(birth, days int) int {
	day := time.Date(birth/10000, time.Month(birth/100%100), birth%100+days, 0, 0, 0, 0, time.UTC)
	return day.Year()*10000 + int(day.Month())*100 + day.Day()
}
