// SPDX-License-Identifier: GPL-3.0-or-later

package match

import (
	mathbits "math/bits"
	"strings"
)

// maxWords of a name are compared.
const maxWords = 12

// Person is a person prepared for comparisons.
type Person struct {
	words     []word
	birth     int
	realBirth int // the birth, 0 if it is a placeholder
	gender    string
	household string
}

// word is a word of a name.
type word struct {
	text      string
	letters   []rune
	letterSet uint64 // of the letters modulo 64, to see at once that two words are unlike
	share     float64
}

// Prepare prepares a person. words are folded ones, of name and last name
// together; birth is like 19901004, with zeros for unknown parts, and
// 0 for an unknown date. gender and household are as recorded, or empty.
func (f *Frequencies) Prepare(words []string, birth int, gender, household string) Person {
	a := Person{words: f.words(words), birth: birth, realBirth: birth, gender: normalizeGender(gender), household: strings.TrimSpace(household)}
	if f.IsPlaceholder(birth) {
		a.realBirth = 0
	}
	return a
}

func (f *Frequencies) words(texts []string) (words []word) {
	words = make([]word, 0, min(len(texts), maxWords))
	for _, text := range texts {
		if len(words) == maxWords || text == "" || contains(words, text) {
			continue
		}

		w := f.word(text)
		if len(w.letters) == 2 && isUnspaced(w.letters[0]) && isUnspaced(w.letters[1]) {
			continue // a pair of characters that are there by themselves, too
		}
		words = append(words, w)
	}
	return words
}

func (f *Frequencies) word(text string) word {
	w := word{text: text, letters: []rune(text), share: f.share(text)}
	for _, letter := range w.letters {
		w.letterSet |= 1 << (letter % 64)
	}

	if len(w.letters) == 1 && isUnspaced(w.letters[0]) {
		w.share = max(w.share, rarestUnspaced)
	}
	return w
}

func contains(words []word, text string) bool {
	for i := range words {
		if words[i].text == text {
			return true
		}
	}
	return false
}

// isUnspaced reports whether a letter is of a script without spaces: Han, kana, Hangul.
func isUnspaced(letter rune) bool {
	return letter >= 0x1100 && letter <= 0x11FF || letter >= 0x2E80 && letter <= 0x9FFF || letter >= 0xAC00 && letter <= 0xD7FF ||
		letter >= 0x20000 && letter <= 0x3FFFF
}

// normalizeGender gives one spelling of several, and "" for an unknown gender.
func normalizeGender(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "nd", "u", "unknown":
		return ""
	case "male":
		return "m"
	case "female":
		return "f"
	}
	return text
}

// errors counts the errors between two words, if they are few for their length: one
// in three letters of the longer one, two in six of both. It is -1 when there are more.
func (w *word) errors(other *word) int {
	short, long := len(w.letters), len(other.letters)
	if short > long {
		short, long = long, short
	}
	limit := min(short/3, 2)
	if long == 3 {
		limit = min(short/2, 1)
	}

	if long-short > limit || mathbits.OnesCount64(w.letterSet^other.letterSet) > 2*limit {
		return -1
	}
	errors := Distance(w.letters, other.letters)
	if errors > limit {
		return -1
	}
	return errors
}
