// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/fed"
	"thalamus/internal/match"
)

// How far a word may be from the one that was asked for.
const (
	exact    = iota
	oneError // or one of the two characters of a pair
	far      // two errors, or only the beginning
)

// near is a word that may be meant.
type near struct {
	word     string
	level    int
	likeness float64
}

// wanted is a word of a search with those that it may stand for, itself first.
type wanted struct {
	near     []near
	likeness map[string]float64 // by word
	exists   bool               // the word itself is known
}

func (a wanted) has(level int) bool {
	return slices.ContainsFunc(a.near, func(n near) bool { return n.level == level })
}

func (a wanted) upTo(level int) (words []string) {
	for _, n := range a.near {
		if n.level <= level {
			words = append(words, n.word)
		}
	}
	return words
}

// best gives the nearest level of a word that exists.
func (a wanted) best() int {
	if a.exists || len(a.near) == 1 {
		return exact
	}
	return a.near[1].level
}

// readWords takes a text apart and looks for words like those in it.
func readWords(ctx context.Context, tx pgx.Tx, text string) ([]wanted, error) {
	const q = `SELECT CASE WHEN run THEN word ELSE left(word, 60) END, run
		FROM string_to_table(thalamus_fold($1), ' ') AS word, thalamus_runs(word) AS run WHERE word <> ''` // cut as thalamus_words does
	var words []wanted
	var word string
	var run bool
	count := 0
	rows, _ := tx.Query(ctx, q, text)
	_, err := pgx.ForEachRow(rows, []any{&word, &run}, func() error {
		count++
		if run {
			words = append(words, pairs(word)...)
		} else {
			words = append(words, newWanted(word))
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case count == 0:
		return nil, fed.Errorf(fed.Invalid, "There is no word in q.")
	case count > mostWords:
		return nil, fed.Errorf(fed.Invalid, "There are more than %d words in q.", mostWords)
	case len(words) > mostTokens:
		return nil, fed.Errorf(fed.Invalid, "q is too long for a script without spaces.")
	}
	return words, expand(ctx, tx, words)
}

// expand looks for words that are like those asked for; these themselves are in
// already, whether or not they were learned. Each is asked for by itself, as a
// value: so its plan takes the index.
func expand(ctx context.Context, tx pgx.Tx, words []wanted) error {
	const q = `
(SELECT word FROM thalamus_name_words WHERE thalamus_near(word) && thalamus_near($1) LIMIT 2000)
UNION ALL
(SELECT word FROM thalamus_name_words WHERE word >= $1 AND word < $1 || U&'\+10FFFF' ORDER BY word LIMIT 200)`
	var batch pgx.Batch
	for i := range words {
		a := &words[i]
		if a.fixed() {
			continue
		}
		batch.Queue(q, a.near[0].word).Query(func(rows pgx.Rows) error {
			var like string
			_, err := pgx.ForEachRow(rows, []any{&like}, func() error {
				a.add(like)
				return nil
			})
			a.cut()
			return err
		})
	}
	return tx.SendBatch(ctx, &batch).Close()
}

// fixed reports whether a word stands for no other: one of two letters, and what
// has its likes already.
func (a wanted) fixed() bool {
	return len(a.near) > 1 || utf8.RuneCountInString(a.near[0].word) < 3
}

func newWanted(word string) wanted {
	return wanted{near: []near{{word, exact, 1}}, likeness: map[string]float64{word: 1}}
}

// pairs takes apart a word of a script without spaces. One of the two characters
// is worth half.
func pairs(run string) (words []wanted) {
	letters := []rune(run)
	if len(letters) == 1 {
		return []wanted{newWanted(run)}
	}
	for i := range letters[1:] {
		word := newWanted(string(letters[i : i+2]))
		for _, letter := range letters[i : i+2] {
			word.near = append(word.near, near{string(letter), oneError, 0.5})
			word.likeness[string(letter)] = 0.5
		}
		words = append(words, word)
	}
	return words
}

// add takes a word in if it is near enough: one error in three letters, two in
// six, or the same beginning.
func (a *wanted) add(like string) {
	if _, known := a.likeness[like]; known {
		a.exists = a.exists || like == a.near[0].word
		return
	}
	word := a.near[0].word
	one, other := []rune(word), []rune(like)
	short, long := min(len(one), len(other)), max(len(one), len(other))
	n := near{like, far, 0}
	switch errors := match.Distance(one, other); {
	case errors <= min(short/3, 2):
		n = near{like, errors, 1 - 0.9*float64(errors)/float64(long)}
	case strings.HasPrefix(like, word):
		n.likeness = 0.5 + 0.3*float64(short)/float64(long)
	default:
		return
	}
	a.near = append(a.near, n)
	a.likeness[like] = n.likeness
}

// cut keeps the words that are most alike.
func (a *wanted) cut() {
	slices.SortStableFunc(a.near, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(b.likeness, a.likeness), cmp.Compare(a.word, b.word))
	})
	for len(a.near) > mostNear {
		last := len(a.near) - 1
		delete(a.likeness, a.near[last].word)
		a.near = a.near[:last]
	}
}

// LearnWords takes up words of names that are new, so that misspellings of them
// are found, and says whether there is more to be learned. It is to be called
// when changes were published.
func (db *DB) LearnWords(ctx context.Context) (more bool, err error) {
	err = pgx.BeginTxFunc(ctx, db.pool, learning, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT thalamus_learn()`).Scan(&more)
	})
	return more, explain(err)
}

// learning keeps PostgreSQL from a plan that was made for any number of changes:
// it reads all that there are.
var learning = pgx.TxOptions{BeginQuery: `BEGIN; SET LOCAL plan_cache_mode = force_custom_plan`}
