// SPDX-License-Identifier: GPL-3.0-or-later

// Package spelling guesses words that were misspelt.
package spelling

import "thalamus/internal/match"

// maxErrors is how many letters of a word may be wrong, and of a short one fewer than half.
const maxErrors = 2

// Nearest is the word that another was probably meant to be, the first of several that are as
// near; "" if there is none.
func Nearest(misspelt string, words []string) (nearest string) {
	typed := []rune(misspelt)
	least := min(maxErrors+1, (len(typed)+1)/2)
	for _, word := range words {
		if errors := match.Distance(typed, []rune(word)); errors < least {
			nearest, least = word, errors
		}
	}
	return nearest
}
