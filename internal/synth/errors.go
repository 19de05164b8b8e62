// SPDX-License-Identifier: GPL-3.0-or-later

package synth

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
)

// Again gives another record of the nth person, as another desk would have made
// it: with an id of its own and one to three errors.
func (s *Source) Again(n int) Person {
	p, r := s.Person(n), s.random(3, n)
	p.ID = fmt.Sprintf("SYN%08dDUP", n)
	for range 1 + r.IntN(3) {
		s.err(r, &p)
	}
	return p
}

// err makes one error, in the proportions that registers report: most are typing.
func (s *Source) err(r *rand.Rand, p *Person) {
	switch chance := r.IntN(100); {
	case chance < 25:
		p.Name = typoInOne(r, p.Name)
	case chance < 50:
		p.Lastname = typoInOne(r, p.Lastname)
	case chance < 58:
		p.Name, p.Lastname = p.Lastname, p.Name
	case chance < 66:
		p.Born = swapDayAndMonth(p.Born)
	case chance < 72:
		p.Born = otherDigit(r, p.Born)
	case chance < 78:
		p.Name, _, _ = strings.Cut(p.Name, " ")
	case chance < 86:
		p.Lastname = otherSurnames(p.Lastname, s.names.draw(r))
	case chance < 90:
		p.Born = ""
	case chance < 93:
		p.Gender = ""
	case chance < 97:
		p.Unit = fmt.Sprintf("SYNDU%07d", r.IntN(10_000_000)) // moved
	default:
		p.Married = ""
	}
}

// otherSurnames leaves out the second of two surnames, or adds one.
func otherSurnames(names, another string) string {
	if first, _, two := strings.Cut(names, " "); two {
		return first
	}
	return strings.TrimSpace(names + " " + another)
}

func typoInOne(r *rand.Rand, words string) string {
	all := strings.Fields(words)
	if len(all) == 0 {
		return words
	}
	n := r.IntN(len(all))
	all[n] = typo(r, all[n])
	return strings.Join(all, " ")
}

// Typos gives the words with one error in each, by number always the same.
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
	at, letter := r.IntN(len(letters)), anyLetter(r)
	switch kind := r.IntN(4); {
	case kind == 0 && len(letters) > 2:
		letters = append(letters[:at], letters[at+1:]...)
	case kind == 1:
		letters = append(letters[:at], append([]rune{letter}, letters[at:]...)...)
	case kind == 2 && at > 0 && unicode.ToLower(letters[at-1]) != letters[at]:
		letters[at-1], letters[at] = letters[at], letters[at-1]
	default:
		for letter == unicode.ToLower(letters[at]) {
			letter = anyLetter(r)
		}
		letters[at] = letter
	}
	return string(letters)
}

func anyLetter(r *rand.Rand) rune { return rune("abcdefghijklmnopqrstuvwxyz"[r.IntN(26)]) }

// swapDayAndMonth needs a day that a month can have.
func swapDayAndMonth(date string) string {
	if len(date) != len(time.DateOnly) || date[8:] > "12" {
		return date
	}
	return date[:5] + date[8:] + "-" + date[5:7]
}

// otherDigit replaces the last digit of the year or of the day, so that it is
// still a date.
func otherDigit(r *rand.Rand, date string) string {
	if len(date) != len(time.DateOnly) {
		return date
	}
	for {
		digits := []byte(date)
		digits[[]int{3, 9}[r.IntN(2)]] = "0123456789"[r.IntN(10)]
		if _, err := time.Parse(time.DateOnly, string(digits)); err == nil && string(digits) != date {
			return string(digits)
		}
	}
}
