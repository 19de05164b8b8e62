// SPDX-License-Identifier: GPL-3.0-or-later

package synth

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

func typoInOne(r *rand.Rand, words string) string {
	all := strings.Fields(words)
	if len(all) == 0 {
		return words
	}

	n := r.IntN(len(all))
	all[n] = typo(r, all[n])
	return strings.Join(all, " ")
}

// Typos gives the words with one typing error in each, always the same for a number.
func (s *Source) Typos(n int, words ...string) []string {
	r := s.random(4, n)
	wrong := make([]string, len(words))
	for i, word := range words {
		wrong[i] = typo(r, word)
	}
	return wrong
}

// typo leaves out, adds, replaces or transposes a letter.
func typo(r *rand.Rand, word string) string {
	letters := []rune(word)
	at := r.IntN(len(letters))
	letter := anyLetter(r, letters[at])

	switch kind := r.IntN(4); {
	case kind == 0 && len(letters) > 2:
		letters = append(letters[:at], letters[at+1:]...)
	case kind == 1:
		letters = append(letters[:at], append([]rune{letter}, letters[at:]...)...)
	case kind == 2 && at > 0 && unicode.ToLower(letters[at-1]) != letters[at]:
		letters[at-1], letters[at] = letters[at], letters[at-1]
	default:
		for letter == unicode.ToLower(letters[at]) {
			letter = anyLetter(r, letters[at])
		}
		letters[at] = letter
	}
	return string(letters)
}

// anyLetter gives a letter of the same script.
func anyLetter(r *rand.Rand, like rune) rune {
	switch {
	case unicode.Is(unicode.Hangul, like):
		return []rune(letters(r, hangulGiven, 1))[0]
	case unicode.Is(unicode.Han, like):
		return []rune(letters(r, hanGiven, 1))[0]
	}
	return rune("abcdefghijklmnopqrstuvwxyz"[r.IntN(26)])
}
