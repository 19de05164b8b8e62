// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"thalamus/internal/match"
)

// How far a word may be from the one that was asked for.
const (
	exact    = iota
	oneError // or more
	far      // two errors, or only the beginning
)

// similarWord is a word that may be meant.
type similarWord struct {
	word     string
	level    int
	likeness float64
}

// searchWord is a word of a search with those that it may stand for, itself first.
type searchWord struct {
	similar  []similarWord
	likeness map[string]float64 // by word
	exists   bool               // the word itself is known
	run      bool               // a letter of a script without spaces
	weight   float64            // how telling it is, in bits
}

// An initial says little, whosever it is.
const (
	initialLikeness = 0.5
	initialWeight   = 3
)

func newSearchWord(word string) *searchWord {
	w := &searchWord{similar: []similarWord{{word, exact, 1}}, likeness: map[string]float64{word: 1}, weight: 1}
	if _, size := utf8.DecodeRuneInString(word); size < len(word) {
		w.likeness[word[:size]] = initialLikeness
	}
	return w
}

// newLetter makes a letter of a script without spaces, which stands for itself only.
func newLetter(letter string) *searchWord {
	w := newSearchWord(letter)
	w.run = true
	return w
}

func (a *searchWord) text() string { return a.similar[0].word }

// short reports whether a word is an initial, or two letters: the beginning of so
// many words that they are not looked for one by one.
func (a *searchWord) short() bool { return !a.run && utf8.RuneCountInString(a.text()) < 3 }

func (a *searchWord) has(level int) bool {
	return slices.ContainsFunc(a.similar, func(n similarWord) bool { return n.level == level })
}

func (a *searchWord) upTo(level int) (words []string) {
	for _, n := range a.similar {
		if n.level <= level {
			words = append(words, n.word)
		}
	}
	return words
}

// nearest gives the nearest word that is known, or itself.
func (a *searchWord) nearest() similarWord {
	if a.exists || len(a.similar) == 1 {
		return a.similar[0]
	}
	return a.similar[1]
}

// like says how much a word is like the one that was asked for, from 0 to 1.
func (a *searchWord) like(word string) float64 {
	likeness := a.likeness[word]
	if likeness == 0 && a.short() && strings.HasPrefix(word, a.text()) {
		return begins(a.text(), word)
	}
	return likeness
}

// begins is how much a beginning is like the whole.
func begins(beginning, word string) float64 {
	return 0.5 + 0.3*float64(utf8.RuneCountInString(beginning))/float64(utf8.RuneCountInString(word))
}

// expand asks for words that are like those asked for; these themselves are in
// already, whether or not they were learned. Each is asked for by itself, as a
// value: so its plan takes the index.
func expand(batch *pgx.Batch, words []*searchWord) {
	const beginning = `(SELECT word FROM thalamus_name_words WHERE word >= $1 AND word < $1 || U&'\+10FFFF' ORDER BY word LIMIT 200)`
	const q = `(SELECT word FROM thalamus_name_words WHERE thalamus_near(word) && thalamus_near($1) LIMIT 2000)
		UNION ALL ` + beginning
	for _, a := range words {
		sql := q
		switch {
		case a.run:
			continue
		case a.short():
			sql = beginning
		}

		batch.Queue(sql, a.text()).Query(func(rows pgx.Rows) error {
			var like string
			_, err := pgx.ForEachRow(rows, []any{&like}, func() error {
				a.add(like)
				return nil
			})

			a.cut()
			return err
		})
	}
}

// add takes a word in if it is near enough: one error in three letters, two in
// six, or the same beginning.
func (a *searchWord) add(like string) {
	word := a.text()
	if like == word {
		a.exists = true
		return
	}
	if _, known := a.likeness[like]; known {
		return
	}

	one, other := []rune(word), []rune(like)
	short, long := min(len(one), len(other)), max(len(one), len(other))
	n := similarWord{like, far, 0}

	switch errors := match.Distance(one, other); {
	case errors <= min(short/3, 2):
		n = similarWord{like, errors, 1 - 0.9*float64(errors)/float64(long)}
	case strings.HasPrefix(like, word):
		n.likeness = begins(word, like)
	default:
		return
	}

	a.similar = append(a.similar, n)
	a.likeness[like] = n.likeness
}

// cut keeps the words that are most alike.
func (a *searchWord) cut() {
	slices.SortStableFunc(a.similar, func(a, b similarWord) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(b.likeness, a.likeness), cmp.Compare(a.word, b.word))
	})
	for len(a.similar) > maxSimilar {
		last := len(a.similar) - 1
		delete(a.likeness, a.similar[last].word)
		a.similar = a.similar[:last]
	}
}

// weigh says how telling the word is, by how few persons have it: those that are not
// frequent, and all before ANALYZE, are as telling as each other.
func (a *searchWord) weigh(frequent map[string]float64) {
	const rare = 0.0002 // persons
	a.weight = max(1, -math.Log2(max(frequent[a.nearest().word], rare)))
	if a.short() {
		a.weight = min(a.weight, initialWeight)
	}
}

// LearnWords takes up words of names that are new, so that misspellings of them
// are found, and says whether there is more to be learned. It is to be called
// when changes were published.
func (db *DB) LearnWords(ctx context.Context) (more bool, err error) {
	err = db.pool.Write(ctx, func(conn *pgx.Conn, _ bool) error {
		return pgx.BeginTxFunc(ctx, conn, learning, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `SELECT thalamus_learn()`).Scan(&more)
		})
	})
	return more, classify(err)
}

// learning keeps PostgreSQL from a plan that was made for any number of changes:
// it reads all that there are.
var learning = pgx.TxOptions{BeginQuery: `BEGIN; SET LOCAL plan_cache_mode = force_custom_plan`}
