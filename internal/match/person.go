// SPDX-License-Identifier: GPL-3.0-or-later

package match

import (
	mathbits "math/bits"
	"strings"
)

// mostWords of a name are compared.
const mostWords = 12

// Population says how frequent things are where persons are compared. What is
// frequent says little when it agrees.
type Population struct {
	Persons float64            // how many there are
	Words   map[string]float64 // the share of them who have a frequent word in their names
	Rare    float64            // the same of every other word
	Births  map[int]float64    // the share who have a frequent birth date, as registers write for an unknown one
}

// Person is a person as Compare needs it.
type Person struct {
	words     []word
	birth     int
	real      int // the birth, 0 if it stands for an unknown one
	gender    string
	household string
}

// word is a word of a name.
type word struct {
	text    string
	letters []rune
	kinds   uint64 // a set of its letters, to see at once that two words are unlike
	share   float64
}

// Person prepares a person. words are folded ones, of name and last name
// together; birth is like 19901004, with zeros for what is not known of it, and
// 0 when nothing is. gender and household are as recorded, or empty.
func (p *Population) Person(words []string, birth int, gender, household string) Person {
	a := Person{words: p.words(words), birth: birth, real: birth, gender: readGender(gender), household: strings.TrimSpace(household)}
	if p.StandsForUnknown(birth) {
		a.real = 0
	}
	return a
}

func (p *Population) words(texts []string) (words []word) {
	words = make([]word, 0, min(len(texts), mostWords))
	for _, text := range texts {
		if len(words) == mostWords || has(words, text) {
			continue
		}
		w := p.word(text)
		if len(w.letters) == 2 && run(w.letters[0]) && run(w.letters[1]) {
			continue // a pair of characters that are there by themselves, too
		}
		words = append(words, w)
	}
	return words
}

func (p *Population) word(text string) word {
	w := word{text: text, letters: []rune(text)}
	for _, letter := range w.letters {
		w.kinds |= 1 << (letter % 64)
	}
	share, frequent := p.Words[text]
	if !frequent {
		share = p.Rare
	}
	w.share = min(max(share, rarest), 1)
	if len(w.letters) == 1 && run(w.letters[0]) {
		w.share = max(w.share, rarestInRun)
	}
	return w
}

func has(words []word, text string) bool {
	for i := range words {
		if words[i].text == text {
			return true
		}
	}
	return text == ""
}

// run reports whether a letter is of a script without spaces: Han, kana, Hangul.
func run(letter rune) bool {
	return letter >= 0x1100 && letter <= 0x11FF || letter >= 0x2E80 && letter <= 0x9FFF || letter >= 0xAC00 && letter <= 0xD7FF ||
		letter >= 0x20000 && letter <= 0x3FFFF
}

// readGender reads what is written in several ways; what says that it is not
// known says nothing.
func readGender(text string) string {
	switch text = strings.ToLower(strings.TrimSpace(text)); text {
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
	most := min(short/3, 2)
	if long == 3 {
		most = min(short/2, 1)
	}
	if long-short > most || mathbits.OnesCount64(w.kinds^other.kinds) > 2*most {
		return -1
	}
	if n := Distance(w.letters, other.letters); n <= most {
		return n
	}
	return -1
}
