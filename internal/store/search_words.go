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

// Levels: how far a word may be from the one that was asked for.
const (
	exact    = iota
	oneError // or more
	far      // two errors, or only the beginning
)

// similarWord is a word that may be meant.
type similarWord struct {
	word       string
	level      int
	similarity float64
}

// searchWord is a word of a search with those that it may stand for.
type searchWord struct {
	similar      []similarWord      // to it, itself first
	similarities map[string]float64 // by word
	exists       bool               // the word itself is known
	unspaced     bool               // a letter of a script without spaces
	weight       float64            // in bits: the fewer persons have it, the more (inverse frequency)
}

// An initial says little, whosever it is.
const (
	initialSimilarity = 0.5
	initialWeight     = 3
)

func newSearchWord(word string) *searchWord {
	w := &searchWord{similar: []similarWord{{word, exact, 1}}, similarities: map[string]float64{word: 1}, weight: 1}
	if _, size := utf8.DecodeRuneInString(word); size < len(word) {
		w.similarities[word[:size]] = initialSimilarity
	}
	return w
}

// newLetter makes a letter of a script without spaces, which stands for itself only.
func newLetter(letter string) *searchWord {
	w := newSearchWord(letter)
	w.unspaced = true
	return w
}

func (a *searchWord) text() string { return a.similar[0].word }

// short reports whether a word is an initial, or two letters: the beginning of so
// many words that they are not looked for one by one.
func (a *searchWord) short() bool { return !a.unspaced && utf8.RuneCountInString(a.text()) < 3 }

func (a *searchWord) hasLevel(level int) bool {
	return slices.ContainsFunc(a.similar, func(n similarWord) bool { return n.level == level })
}

func (a *searchWord) wordsUpTo(level int) (words []string) {
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

// similarity is that of a word and the one that was asked for, from 0 to 1.
func (a *searchWord) similarity(word string) float64 {
	listed := a.similarities[word]
	if listed == 0 && a.short() && strings.HasPrefix(word, a.text()) {
		return prefixSimilarity(a.text(), word)
	}
	return listed
}

// prefixSimilarity is that of a beginning and the whole word.
func prefixSimilarity(beginning, word string) float64 {
	return 0.5 + 0.3*float64(utf8.RuneCountInString(beginning))/float64(utf8.RuneCountInString(word))
}

// expandWords asks for words that are similar to those asked for; these themselves are
// in already, whether or not they were learned. Each is asked for by itself, as a
// value: so its plan takes the index.
func expandWords(batch *pgx.Batch, words []*searchWord) {
	const beginning = `(SELECT word FROM thalamus_name_words WHERE word >= $1 AND word < $1 || U&'\+10FFFF' ORDER BY word LIMIT 200)`
	const q = `(SELECT word FROM thalamus_name_words WHERE thalamus_near(word) && thalamus_near($1) LIMIT 2000)
		UNION ALL ` + beginning
	for _, a := range words {
		sql := q
		switch {
		case a.unspaced:
			continue
		case a.short():
			sql = beginning
		}

		batch.Queue(sql, a.text()).Query(func(rows pgx.Rows) error {
			var like string
			_, err := pgx.ForEachRow(rows, []any{&like}, func() error {
				a.addSimilar(like)
				return nil
			})

			a.keepMostSimilar()
			return err
		})
	}
}

// addSimilar takes a word in if it is near enough: one error in three letters, two in
// six, or the same beginning.
func (a *searchWord) addSimilar(like string) {
	word := a.text()
	if like == word {
		a.exists = true
		return
	}
	if _, known := a.similarities[like]; known {
		return
	}

	one, other := []rune(word), []rune(like)
	short, long := min(len(one), len(other)), max(len(one), len(other))
	n := similarWord{like, far, 0}

	switch errors := match.Distance(one, other); {
	case errors <= min(short/3, 2):
		n = similarWord{like, errors, 1 - 0.9*float64(errors)/float64(long)}
	case strings.HasPrefix(like, word):
		n.similarity = prefixSimilarity(word, like)
	default:
		return
	}

	a.similar = append(a.similar, n)
	a.similarities[like] = n.similarity
}

// keepMostSimilar keeps the words that are most similar.
func (a *searchWord) keepMostSimilar() {
	slices.SortStableFunc(a.similar, func(a, b similarWord) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(b.similarity, a.similarity), cmp.Compare(a.word, b.word))
	})
	for len(a.similar) > maxSimilar {
		last := len(a.similar) - 1
		delete(a.similarities, a.similar[last].word)
		a.similar = a.similar[:last]
	}
}

// setWeight weighs the word by how few persons have it. All that are not frequent weigh the
// same, and so do all words before ANALYZE.
func (a *searchWord) setWeight(frequent map[string]float64) {
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
		return pgx.BeginTxFunc(ctx, conn, learnTxOptions, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, `SELECT thalamus_learn()`).Scan(&more)
		})
	})
	return more, classify(err)
}

// learnTxOptions keep PostgreSQL from a plan that was made for any number of changes:
// it reads all that there are.
var learnTxOptions = pgx.TxOptions{BeginQuery: `BEGIN; SET LOCAL plan_cache_mode = force_custom_plan`}
