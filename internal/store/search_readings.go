// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// splits gives the ways in which a word may be two, or three of which the first
// ones are as short as those before a surname. An initial may come first.
func splits(word string) (ways [][]string) {
	const shortest, longest, mostLetters = 2, 4, 24
	letters := strings.Split(word, "")
	if len(letters) > mostLetters {
		return nil
	}

	part := func(from, to int) string { return strings.Join(letters[from:to], "") }
	for i := 1; i <= len(letters)-shortest; i++ {
		ways = append(ways, []string{part(0, i), part(i, len(letters))})
		for j := i + shortest; i >= shortest && i <= longest && j <= min(i+longest, len(letters)-shortest); j++ {
			ways = append(ways, []string{part(0, i), part(i, j), part(j, len(letters))})
		}
	}

	return ways
}

// knownWords asks which words somebody has in a name. Of one or two letters there
// is no list, so that they are taken to be known.
func knownWords(batch *pgx.Batch, words []string) map[string]bool {
	const q = `SELECT word FROM thalamus_name_words WHERE word = ANY ($1)`
	known := map[string]bool{}
	var long []string

	for _, word := range words {
		if utf8.RuneCountInString(word) < 3 {
			known[word] = true
		} else {
			long = append(long, word)
		}
	}

	batch.Queue(q, long).Query(func(rows pgx.Rows) error {
		var word string
		_, err := pgx.ForEachRow(rows, []any{&word}, func() error {
			known[word] = true
			return nil
		})
		return err
	})

	return known
}

// mostSplits are asked for, of all words of a question.
const mostSplits = 40

// realSplits gives of each word the splits by which somebody is called. Parts that are
// all frequent are taken to be so, because many persons would be read for it.
func realSplits(ctx context.Context, tx pgx.Tx, words []string, known map[string]bool, frequent map[string]float64) (map[string][][]string, error) {
	const q = `SELECT count(*) > 0 FROM people WHERE words @> $1`
	is := map[string][][]string{}
	var batch pgx.Batch

	for _, word := range words {
		for _, parts := range splits(word) {
			switch {
			case slices.ContainsFunc(parts, func(part string) bool { return !known[part] }):
			case !slices.ContainsFunc(parts, func(part string) bool { return frequent[part] <= frequentWord }):
				is[word] = append(is[word], parts)
			case batch.Len() < mostSplits:
				batch.Queue(q, parts).QueryRow(func(row pgx.Row) error {
					var somebody bool
					err := row.Scan(&somebody)
					if somebody {
						is[word] = append(is[word], parts)
					}
					return err
				})
			}
		}
	}

	return is, tx.SendBatch(ctx, &batch).Close()
}

// otherWays is how words may be written that were typed.
type otherWays struct {
	known  map[string]bool       // also as the join of several
	splits map[string][][]string // of words, and of joins
}

// readings gives what may be meant: as it was typed; all joined, and all split, that
// can be; with one change, then with more.
func (o otherWays) readings(typed []*searchWord) [][]*searchWord {
	all := [][]*searchWord{typed}
	add := func(reading []*searchWord) {
		if len(all) < mostReadings && !slices.ContainsFunc(all, func(r []*searchWord) bool { return slices.Equal(texts(r), texts(reading)) }) {
			all = append(all, reading)
		}
	}

	add(o.allChanged(typed, func(c change) bool { return len(c.words) == 1 }))
	add(o.allChanged(typed, func(c change) bool { return c.instead == 1 }))
	for changes := 1; changes <= len(typed) && len(all) < mostReadings; changes++ {
		for _, reading := range o.changed(typed, changes, mostReadings) {
			add(reading)
		}
	}

	return all
}

func texts(words []*searchWord) (texts []string) {
	for _, w := range words {
		texts = append(texts, w.text())
	}
	return texts
}

// allChanged makes the first change that is of a kind wherever there is one.
func (o otherWays) allChanged(typed []*searchWord, of func(change) bool) (reading []*searchWord) {
	for len(typed) > 0 {
		next := change{typed[:1], 1}
		all := o.changes(typed)
		if i := slices.IndexFunc(all, of); i >= 0 {
			next = all[i]
		}
		reading, typed = append(reading, next.words...), typed[next.instead:]
	}
	return reading
}

// changed gives at most so many readings with so many changes.
func (o otherWays) changed(typed []*searchWord, changes, most int) (all [][]*searchWord) {
	if changes == 0 {
		return [][]*searchWord{typed}
	}

	for i := range typed {
		for _, c := range o.changes(typed[i:]) {
			for _, rest := range o.changed(typed[i+c.instead:], changes-1, most-len(all)) {
				all = append(all, slices.Concat(typed[:i], c.words, rest))
			}
			if len(all) >= most {
				return all
			}
		}
	}

	return all
}

// change is words instead of so many that were typed.
type change struct {
	words   []*searchWord
	instead int
}

// changes gives the ways to read the first of some words otherwise, those that take
// most of them first.
func (o otherWays) changes(typed []*searchWord) (all []change) {
	for count := mostJoined; count > 0; count-- {
		joined := join(typed, count)
		if joined == "" {
			continue
		}

		if count > 1 && o.known[joined] {
			all = append(all, change{newKnown(joined), count})
		}

		for _, parts := range o.splits[joined] {
			if !slices.Equal(parts, texts(typed[:count])) {
				all = append(all, change{newKnown(parts...), count})
			}
		}
	}
	return all
}

func newKnown(texts ...string) (words []*searchWord) {
	for _, text := range texts {
		w := newSearchWord(text)
		w.exists = true
		words = append(words, w)
	}
	return words
}
