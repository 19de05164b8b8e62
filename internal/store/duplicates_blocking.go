// SPDX-License-Identifier: GPL-3.0-or-later

package store

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strconv"
	"strings"

	"thalamus/internal/fed"
	"thalamus/internal/match"
)

// blockings are the kinds of blocking: only persons who share a block are compared. Each
// gives the keys of a person's blocks as SQL, with a mark: the words of a pair, or the
// part of the date. The order counts: a pair belongs to the first block that it shares.
// Households are last, because in some registers half of all persons live in one.
var blockings = []string{
	sharesBirth: `SELECT least(birth, birth / 10000 * 10000 + birth % 100 * 100 + birth / 100 % 100)::text, ''
		WHERE birth % 100 > 0 AND NOT birth = ANY (@births)`,
	sharesWords: `SELECT one || ' ' || other, one || ' ' || other FROM unnest(words[1:8]) AS one, unnest(words[1:8]) AS other
		WHERE one < other COLLATE "C"`,
	sharesWordAndDate: `SELECT word || ' ' || date, date FROM unnest(words[1:8]) AS word,
			(VALUES ('y' || birth / 10000), (CASE WHEN birth % 10000 = 1231 THEN 'y' || birth / 10000 + 1 END),
				(CASE WHEN birth % 100 > 0 THEN 'd' || birth % 10000 END)) AS part (date)
		WHERE birth > 0 AND date IS NOT NULL AND NOT word = ANY (@words)`,
	sharesHousehold: `SELECT btrim(` + householdOf + `), '' WHERE btrim(` + householdOf + `) <> ''`,
}

const (
	sharesBirth       = iota // or has day and month swapped, whatever the names are
	sharesWords              // two words of the names, whatever the date is
	sharesWordAndDate        // a word that is not frequent, and year or day of birth; New Year's Eve is of both years
	sharesHousehold          // whatever names and dates are
)

// maxBlockingWords of a person are looked at.
const maxBlockingWords = 8

// frequentWord is a share of persons. A word of more persons makes no block together with
// a year or a day.
const frequentWord = 0.002

// frequent is what makes no block at the moment, sorted: frequent words, and the dates
// that stand for an unknown one.
type frequent struct {
	words  []string
	births []int
	sum    uint32 // tells one from another: to which block a pair belongs depends on it
}

func frequentIn(p *match.Frequencies) frequent {
	f := frequent{
		words:  sortedKeys(p.Words, func(word string) bool { return p.Words[word] > frequentWord }),
		births: sortedKeys(p.Births, p.IsPlaceholder),
	}
	f.sum = crc32.ChecksumIEEE(fmt.Append(nil, f.words, f.births))
	return f
}

func sortedKeys[K cmp.Ordered](shares map[K]float64, keep func(K) bool) []K {
	keys := []K{} // an empty array, where nil would be NULL
	for one := range shares {
		if keep(one) {
			keys = append(keys, one)
		}
	}

	slices.Sort(keys)
	return keys
}

// blockingQuery reads the persons of all blocks of a kind behind a position. Keys are
// hashed, so that they are small and tell how much is done.
func blockingQuery(kind int) string {
	return `SELECT block.key, block.mark, ` + matchColumns + `
		FROM people, LATERAL (SELECT hashtextextended(key COLLATE "C", 0), mark FROM (` + blockings[kind] + `) AS keys (key, mark)) AS block (key, mark)
		WHERE jsonb_typeof(data) = 'object' AND (block.key, id COLLATE "C") > (@key::bigint, @id::text)
		ORDER BY block.key, id COLLATE "C"`
}

// block is persons who have something in common.
type block struct {
	kind    int
	mark    string
	persons []person
}

// isFirstShared reports whether a pair belongs to this block: whether it is the first that
// the two share.
func (b *block) isFirstShared(one, other *person, p *match.Frequencies) bool {
	var common []string
	for _, word := range firstWords(one.words) {
		if slices.Contains(firstWords(other.words), word) && !slices.Contains(common, word) {
			common = append(common, word)
		}
	}

	slices.Sort(common)
	birth := one.birthKey(p)
	switch {
	case birth > 0 && birth == other.birthKey(p):
		return b.kind == sharesBirth
	case len(common) > 1:
		return b.kind == sharesWords && b.mark == common[0]+" "+common[1]
	case len(common) == 1 && p.Words[common[0]] <= frequentWord && sharedPart(one.birth, other.birth) != "":
		return b.kind == sharesWordAndDate && b.mark == sharedPart(one.birth, other.birth)
	}

	return b.kind == sharesHousehold
}

// birthKey is the key of a person's birth date, 0 if there is none.
func (p *person) birthKey(among *match.Frequencies) int {
	day := p.birth % 100
	if day == 0 || among.IsPlaceholder(p.birth) {
		return 0
	}
	return min(p.birth, p.birth/10000*10000+day*100+p.birth/100%100)
}

// sharedPart gives the first part of a birth date that two have in common, as the mark
// of their block; "" if there is none.
func sharedPart(one, other int) string {
	parts := partsOfDate(other)
	for _, part := range partsOfDate(one) {
		if slices.Contains(parts, part) {
			return part
		}
	}

	return ""
}

func partsOfDate(birth int) (parts []string) {
	if birth == 0 {
		return nil
	}

	year := birth / 10000
	parts = append(parts, "y"+strconv.Itoa(year))
	if birth%10000 == 1231 {
		parts = append(parts, "y"+strconv.Itoa(year+1))
	}

	if birth%100 > 0 {
		parts = append(parts, "d"+strconv.Itoa(birth%10000))
	}

	return parts
}

func firstWords(words []string) []string { return words[:min(maxBlockingWords, len(words))] }

// blockPosition is a position in the order of blocks: Duplicates has compared all before it.
type blockPosition struct {
	sum  uint32 // of what was frequent
	kind int
	key  int64
	id   string
}

var firstBlockPosition = blockPosition{key: math.MinInt64}

// String gives the position as Duplicates takes it.
func (p blockPosition) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%d.%d.%s", p.sum, p.kind, p.key, p.id))
}

func parseBlockPosition(text string) (p blockPosition, err error) {
	if text == "" {
		return firstBlockPosition, nil
	}

	unknown := fed.Errorf(fed.Invalid, "this is no place that an earlier search has told")
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return p, unknown
	}
	if _, err := fmt.Sscanf(string(plain), "%d.%d.%d.", &p.sum, &p.kind, &p.key); err != nil {
		return p, unknown
	}

	parts := strings.SplitN(string(plain), ".", 4)
	if len(parts) != 4 || p.kind < 0 || p.kind > len(blockings) || strings.ContainsRune(parts[3], 0) {
		return p, unknown
	}

	p.id = parts[3]
	return p, nil
}

// done gives the part of all keys that are before the position.
func (p blockPosition) done() float64 {
	inKind := (float64(p.key) - math.MinInt64) / math.MaxUint64
	return (float64(p.kind) + inKind) / float64(len(blockings))
}
