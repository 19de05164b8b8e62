// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// splits gives the ways to split a word in two, or in three of which the first ones are
// as short as those before a surname (de la Cruz). An initial may come first.
func splits(word string) (all [][]string) {
	const shortest, longest, mostLetters = 2, 4, 24
	letters := strings.Split(word, "")
	if len(letters) > mostLetters {
		return nil
	}

	part := func(from, to int) string { return strings.Join(letters[from:to], "") }
	for i := 1; i <= len(letters)-shortest; i++ {
		all = append(all, []string{part(0, i), part(i, len(letters))})
		for j := i + shortest; i >= shortest && i <= longest && j <= min(i+longest, len(letters)-shortest); j++ {
			all = append(all, []string{part(0, i), part(i, j), part(j, len(letters))})
		}
	}

	return all
}

// knownWords asks which words somebody has in a name. Of one or two letters there
// is no list, so that they are taken to be known.
func knownWords(batch *pgx.Batch, words []string) map[string]bool {
	const q = `SELECT known.word FROM unnest($1::text[]) AS asked (word) JOIN thalamus_name_words AS known USING (word)` // by the index, however many words
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

// maxSplits is how many splits of all words of a query are looked for.
const maxSplits = 40

// knownSplits gives of each word the splits that are in the name of a person. Parts that
// are all frequent are taken to be, because many persons would be read for it.
func knownSplits(ctx context.Context, tx pgx.Tx, words []string, known map[string]bool, frequent map[string]float64) (map[string][][]string, error) {
	const q = `SELECT count(*) > 0 FROM people WHERE words @> $1`
	is := map[string][][]string{}
	var batch pgx.Batch

	for _, word := range words {
		for _, parts := range splits(word) {
			switch {
			case slices.ContainsFunc(parts, func(part string) bool { return !known[part] }):
			case !slices.ContainsFunc(parts, func(part string) bool { return frequent[part] <= frequentWord }):
				is[word] = append(is[word], parts)
			case batch.Len() < maxSplits:
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

// segmenter joins and splits the words that were typed into those of names.
type segmenter struct {
	known  map[string]bool       // also as the join of several
	splits map[string][][]string // of words, and of joins
}

// segmentations gives the ways to write what was typed: as it is; all joined, and all
// split, that can be; with one change, then with more.
func (s segmenter) segmentations(typed []*searchWord) [][]*searchWord {
	all := [][]*searchWord{typed}
	add := func(words []*searchWord) {
		if len(all) < maxSegmentations && !slices.ContainsFunc(all, func(r []*searchWord) bool { return slices.Equal(texts(r), texts(words)) }) {
			all = append(all, words)
		}
	}

	add(s.changeAll(typed, func(c change) bool { return len(c.words) == 1 }))
	add(s.changeAll(typed, func(c change) bool { return c.instead == 1 }))
	for changes := 1; changes <= len(typed) && len(all) < maxSegmentations; changes++ {
		for _, words := range s.withChanges(typed, changes, maxSegmentations) {
			add(words)
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

// changeAll makes the first change that is of a kind wherever there is one.
func (s segmenter) changeAll(typed []*searchWord, of func(change) bool) (changed []*searchWord) {
	for len(typed) > 0 {
		next := change{typed[:1], 1}
		all := s.changes(typed)
		if i := slices.IndexFunc(all, of); i >= 0 {
			next = all[i]
		}
		changed, typed = append(changed, next.words...), typed[next.instead:]
	}
	return changed
}

// withChanges gives at most so many segmentations with so many changes.
func (s segmenter) withChanges(typed []*searchWord, changes, most int) (all [][]*searchWord) {
	if changes == 0 {
		return [][]*searchWord{typed}
	}

	for i := range typed {
		for _, c := range s.changes(typed[i:]) {
			for _, rest := range s.withChanges(typed[i+c.instead:], changes-1, most-len(all)) {
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

// changes gives the ways to join and split the first of some words, those that take most
// of them first.
func (s segmenter) changes(typed []*searchWord) (all []change) {
	for count := maxJoined; count > 0; count-- {
		joined := join(typed, count)
		if joined == "" {
			continue
		}

		if count > 1 && s.known[joined] {
			all = append(all, change{knownSearchWords(joined), count})
		}

		for _, parts := range s.splits[joined] {
			if !slices.Equal(parts, texts(typed[:count])) {
				all = append(all, change{knownSearchWords(parts...), count})
			}
		}
	}
	return all
}

func knownSearchWords(texts ...string) (words []*searchWord) {
	for _, text := range texts {
		w := newSearchWord(text)
		w.exists = true
		words = append(words, w)
	}
	return words
}
