// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
)

// Bounds of a query.
const (
	maxSearchWords   = 32 // that are asked for
	maxUnspaced      = 17 // letters of a script without spaces, in a row
	maxSegmentations = 10
	maxJoined        = 3 // words that are one: de la Cruz
)

// searchQuery is a text that was asked for, as words. They may be one name however they
// are joined or split: each way is a segmentation, which leads to persons.
type searchQuery struct {
	terms         []*searchWord // as they were typed
	segmentations [][]*searchWord
	joins         map[string]wordRange // texts of words that were typed one after another
	bigrams       map[string]bool      // pairs of letters of scripts without spaces
}

// wordRange is so many of the words that were typed.
type wordRange struct{ first, count int }

// parseQuery tokenizes a text and looks for words like those in it. frequent is the
// share of persons who have a frequent word.
func parseQuery(ctx context.Context, tx pgx.Tx, text string, frequent map[string]float64) (searchQuery, error) {
	q := searchQuery{bigrams: map[string]bool{}}
	if err := q.tokenize(ctx, tx, text); err != nil {
		return q, err
	}
	return q, q.expandTerms(ctx, tx, frequent)
}

// expandTerms looks for words like those that were typed, and for other ways to join and
// split them.
func (q *searchQuery) expandTerms(ctx context.Context, tx pgx.Tx, frequent map[string]float64) error {
	q.joins = map[string]wordRange{}
	var batch pgx.Batch
	known := knownWords(&batch, q.joinedAndSplit())
	expandWords(&batch, q.terms)

	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return err
	}

	splits, err := knownSplits(ctx, tx, slices.Sorted(maps.Keys(q.joins)), known, frequent)
	q.segmentations = segmenter{known, splits}.segmentations(q.terms)
	for _, w := range q.allWords() {
		w.setWeight(frequent)
	}

	return err
}

// tokenize reads the words of a text, each once, and the letters of a run of a script
// without spaces.
func (q *searchQuery) tokenize(ctx context.Context, tx pgx.Tx, text string) error {
	const query = `SELECT CASE WHEN run THEN word ELSE left(word, 60) END, run
		FROM string_to_table(thalamus_fold($1), ' ') AS word, thalamus_runs(word) AS run WHERE word <> ''` // cut as thalamus_words does

	var word string
	var run bool
	count, longest := 0, 0
	rows, _ := tx.Query(ctx, query, text)
	_, err := pgx.ForEachRow(rows, []any{&word, &run}, func() error {
		count++
		if !run {
			q.add(newSearchWord(word))
			return nil
		}

		letters := strings.Split(word, "")
		for i, letter := range letters {
			q.add(newLetter(letter))
			if i > 0 {
				q.bigrams[letters[i-1]+letter] = true
			}
		}

		longest = max(longest, len(letters))
		return nil
	})

	switch {
	case err != nil:
		return err
	case count == 0:
		return fed.Errorf(fed.Invalid, "There is no word in q.")
	case count > maxSearchWords:
		return fed.Errorf(fed.Invalid, "There are more than %d words in q.", maxSearchWords)
	case longest > maxUnspaced:
		return fed.Errorf(fed.Invalid, "q is too long for a script without spaces.")
	}

	return nil
}

func (q *searchQuery) add(word *searchWord) {
	if !slices.ContainsFunc(q.terms, func(w *searchWord) bool { return w.text() == word.text() }) {
		q.terms = append(q.terms, word)
	}
}

// allWords gives the words of all segmentations, each once.
func (q *searchQuery) allWords() (all []*searchWord) {
	for _, words := range q.segmentations {
		for _, w := range words {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}

// joinedAndSplit gives the words that there would be, were some joined or split.
func (q *searchQuery) joinedAndSplit() (words []string) {
	for i := range q.terms {
		for count := 1; count <= maxJoined; count++ {
			joined := join(q.terms[i:], count)
			if joined == "" {
				break
			}

			q.joins[joined] = wordRange{i, count}
			words = append(words, joined)
			for _, parts := range splits(joined) {
				words = append(words, parts...)
			}
		}
	}

	slices.Sort(words)
	return slices.Compact(words)
}

// join writes the first words as one, "" if there are too few.
func join(words []*searchWord, count int) (joined string) {
	if count > len(words) {
		return ""
	}

	for _, w := range words[:count] {
		if w.unspaced {
			return ""
		}
		joined += w.text()
	}

	return joined
}
