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

// Bounds of a question.
const (
	mostWords    = 32 // that are asked for
	mostLetters  = 17 // of a script without spaces, in a row
	mostReadings = 10
	mostJoined   = 3 // words that are one: de la Cruz
)

// question is a text that was asked for. Words may be one name however they are
// joined or split: each way is a reading, which leads to persons.
type question struct {
	typed      []*searchWord
	readings   [][]*searchWord
	joins      map[string]wordRange // texts of words that were typed one after another
	neighbours map[string]bool      // pairs of letters of scripts without spaces
}

// wordRange is so many of the words that were typed.
type wordRange struct{ first, count int }

// readQuestion takes a text apart and looks for words like those in it. frequent is
// the share of persons who have a frequent word.
func readQuestion(ctx context.Context, tx pgx.Tx, text string, frequent map[string]float64) (question, error) {
	q := question{neighbours: map[string]bool{}}
	if err := q.takeApart(ctx, tx, text); err != nil {
		return q, err
	}
	return q, q.lookUp(ctx, tx, frequent)
}

// lookUp looks for words like those that were typed, and for other ways to write them.
func (q *question) lookUp(ctx context.Context, tx pgx.Tx, frequent map[string]float64) error {
	q.joins = map[string]wordRange{}
	var batch pgx.Batch
	known := knownWords(&batch, q.otherWords())
	expand(&batch, q.typed)

	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return err
	}

	splits, err := realSplits(ctx, tx, slices.Sorted(maps.Keys(q.joins)), known, frequent)
	q.readings = otherWays{known, splits}.readings(q.typed)
	for _, w := range q.words() {
		w.weigh(frequent)
	}

	return err
}

// takeApart reads the words of a text, each once, and of a run its letters.
func (q *question) takeApart(ctx context.Context, tx pgx.Tx, text string) error {
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
				q.neighbours[letters[i-1]+letter] = true
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
	case count > mostWords:
		return fed.Errorf(fed.Invalid, "There are more than %d words in q.", mostWords)
	case longest > mostLetters:
		return fed.Errorf(fed.Invalid, "q is too long for a script without spaces.")
	}

	return nil
}

func (q *question) add(word *searchWord) {
	if !slices.ContainsFunc(q.typed, func(w *searchWord) bool { return w.text() == word.text() }) {
		q.typed = append(q.typed, word)
	}
}

// words gives those of all readings, each once.
func (q *question) words() (all []*searchWord) {
	for _, reading := range q.readings {
		for _, w := range reading {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}

// otherWords gives the words that there would be, were some joined or split.
func (q *question) otherWords() (words []string) {
	for i := range q.typed {
		for count := 1; count <= mostJoined; count++ {
			joined := join(q.typed[i:], count)
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
	return words
}

// join writes the first words as one, "" if there are too few.
func join(words []*searchWord, count int) (joined string) {
	if count > len(words) {
		return ""
	}

	for _, w := range words[:count] {
		if w.run {
			return ""
		}
		joined += w.text()
	}

	return joined
}
