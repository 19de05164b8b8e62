// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/match"
)

// Bounds of a question for matches. Of what a million persons have in common some
// are compared.
const (
	mostMatchWords = 6    // of the person's names,
	mostOtherWords = 10   // and with those that these are, joined or split
	mostAlike      = 1000 // persons whom one question gives
)

// Matches gives the other persons who are probably the same as one, the best
// first, except for those of whom it is settled. It compares as Duplicates does.
func (v View) Matches(ctx context.Context, id string, limit int) (found []Pair, err error) {
	err = v.db.pool.Read(ctx, searching, func(tx pgx.Tx) error {
		frequent, err := population(ctx, tx)
		if err != nil {
			return err
		}

		s := suspicion{tx: tx, others: map[string]person{}}
		if err := s.read(ctx, id, frequent); err != nil {
			return err
		}
		if err := s.gather(ctx); err != nil {
			return err
		}

		found, err = unsettled(ctx, tx, s.compare(frequent))
		return err
	})
	return found[:min(limit, len(found))], missing(err, noPerson)
}

// suspicion is a person with those who may be the same.
type suspicion struct {
	tx     pgx.Tx
	one    person
	words  []*wanted
	others map[string]person
}

// read reads the person, and how else the names may be written.
func (s *suspicion) read(ctx context.Context, id string, among *match.Frequencies) error {
	const q = `SELECT ` + compared + ` FROM people WHERE id = $1 AND jsonb_typeof(data) = 'object'`
	if err := s.tx.QueryRow(ctx, q, id).Scan(s.one.fields()...); err != nil {
		return err
	}

	var names question
	for _, word := range s.one.words {
		if len(names.typed) < mostMatchWords {
			names.add(newWanted(word))
		}
	}

	if err := names.lookUp(ctx, s.tx, among.Words); err != nil {
		return err
	}

	s.words = names.typed
	for _, word := range names.words() {
		same := slices.ContainsFunc(s.words, func(w *wanted) bool { return w.text() == word.text() })
		if !same && len(s.words) < mostOtherWords {
			s.words = append(s.words, word)
		}
	}

	for _, word := range s.words {
		if word.short() {
			word.near = word.near[:1] // or it would fit half of all persons
		}
	}

	return nil
}

// compare gives the persons whose score reaches the threshold, the best first.
func (s *suspicion) compare(among *match.Frequencies) (found []Pair) {
	one := s.one.prepare(among)
	for id, other := range s.others {
		prepared := other.prepare(among)
		if r := among.Compare(&one, &prepared); r.Score >= match.Threshold {
			found = append(found, Pair{s.one.id, id, r})
		}
	}

	slices.SortFunc(found, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Other, b.Other))
	})

	return found
}

// gather asks for who has the things in common that Duplicates puts into blocks,
// and for misspelt words where it has no need to.
func (s *suspicion) gather(ctx context.Context) error {
	for _, ask := range []func(context.Context) error{s.sameBirth, s.likeBirth, s.twoWords, s.household} {
		if err := ask(ctx); err != nil {
			return err
		}
	}
	return nil
}

// add takes in the persons who meet a condition, and says whether there are more.
func (s *suspicion) add(ctx context.Context, condition string, args ...any) (more bool, err error) {
	q := `SELECT ` + compared + ` FROM people WHERE (` + condition + `) AND jsonb_typeof(data) = 'object' LIMIT ` + strconv.Itoa(mostAlike)
	var other person
	count := 0
	rows, _ := s.tx.Query(ctx, q, args...)
	_, err = pgx.ForEachRow(rows, other.fields(), func() error {
		count++
		if other.id != s.one.id {
			s.others[other.id] = other
		}
		return nil
	})

	return count == mostAlike, err
}

// sameBirth asks for the same date, or with day and month swapped, whatever the
// names are. Where too many have it a word of the names must fit, too.
func (s *suspicion) sameBirth(ctx context.Context) error {
	birth := s.one.birth
	if birth == 0 {
		return nil
	}

	dates := []int{birth, swapped(birth)}
	more, err := s.add(ctx, `birth = ANY($1)`, dates)
	if err != nil || !more {
		return err
	}

	_, err = s.add(ctx, `birth = ANY($1) AND words && $2`, dates, s.anyWord())
	return err
}

// likeBirth asks for dates with another digit, and for the same year where no day
// is known, with a word that fits.
func (s *suspicion) likeBirth(ctx context.Context) error {
	if s.one.birth == 0 {
		return nil
	}
	_, err := s.add(ctx, `birth = ANY($1) AND words && $2`, likeDates(s.one.birth), s.anyWord())
	return err
}

// twoWords asks for two words of the names, whatever the date is. Where too many
// have them the date must be alike; see household, too.
func (s *suspicion) twoWords(ctx context.Context) error {
	for i := range s.words {
		for j := range i {
			if err := s.bothWords(ctx, s.words[i].text(), s.words[j].text()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *suspicion) bothWords(ctx context.Context, one, other string) error {
	pair := []string{one, other}
	more, err := s.add(ctx, `words @> $1`, pair)
	if err != nil || !more {
		return err
	}

	_, err = s.add(ctx, `words @> $1 AND birth = ANY($2)`, pair, likeDates(s.one.birth))
	return err
}

// household asks for two words that may be misspelt, in the same household.
func (s *suspicion) household(ctx context.Context) error {
	if s.one.household == "" {
		return nil
	}

	for i := range s.words {
		for j := range i {
			if _, err := s.add(ctx, `words && $1 AND words && $2 AND `+householdOf+` = $3`,
				s.words[i].upTo(far), s.words[j].upTo(far), s.one.household); err != nil {
				return err
			}
		}
	}

	return nil
}

// anyWord gives all words that fit one of the person's.
func (s *suspicion) anyWord() []string {
	words := []string{}
	for _, word := range s.words {
		words = append(words, word.upTo(far)...)
	}
	return words
}

// swapped gives a date with day and month swapped, if it is one then.
func swapped(birth int) int {
	year, month, day := birth/10000, birth/100%100, birth%100
	if day == 0 || day > 12 {
		return birth
	}
	return year*10000 + day*100 + month
}

// likeDates gives the dates that are one digit, two transposed neighbours, or a day
// away, and those that say less or more of the same.
func likeDates(birth int) (dates []int) {
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
