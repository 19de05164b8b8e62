// SPDX-License-Identifier: GPL-3.0-or-later

package synth

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
)

// Error is a kind of error that another record of a person may have.
type Error string

// errors has each kind in the proportion that registers report: most are typing. An
// error may change nothing, where there is nothing to be got wrong.
var errors = []struct {
	Error
	percent int
	make    func(s *Source, r *rand.Rand, p *Person)
}{
	{"misspelt name", 22, func(_ *Source, r *rand.Rand, p *Person) { p.Name = typoInOne(r, p.Name) }},
	{"misspelt lastname", 22, func(_ *Source, r *rand.Rand, p *Person) { p.Lastname = typoInOne(r, p.Lastname) }},
	{"name and lastname swapped", 8, func(_ *Source, _ *rand.Rand, p *Person) { p.Name, p.Lastname = p.Lastname, p.Name }},
	{"day and month swapped", 8, func(_ *Source, _ *rand.Rand, p *Person) { p.Born = swapDayAndMonth(p.Born) }},
	{"another digit of the date", 6, func(_ *Source, r *rand.Rand, p *Person) { p.Born = otherDigit(r, p.Born) }},
	{"a day off", 1, func(_ *Source, r *rand.Rand, p *Person) { p.Born = nextDay(p.Born, 2*r.IntN(2)-1) }},
	{"second name left out", 6, func(_ *Source, _ *rand.Rand, p *Person) { p.Name, _, _ = strings.Cut(p.Name, " ") }},
	{"second name an initial", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Name = initial(p.Name) }},
	{"a surname more or less", 8, func(s *Source, r *rand.Rand, p *Person) { p.Lastname = otherSurnames(p.Lastname, s.names.draw(r)) }},
	{"words joined or split", 3, func(_ *Source, _ *rand.Rand, p *Person) { *p = p.otherwise() }},
	{"date missing", 3, func(_ *Source, _ *rand.Rand, p *Person) { p.Born = "" }},
	{"date written as unknown", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Born = UnknownDate }},
	{"gender missing", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Gender = "" }},
	{"gender mistyped", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Gender = map[string]string{"f": "m", "m": "f"}[p.Gender] }},
	{"moved", 3, func(_ *Source, r *rand.Rand, p *Person) { p.Unit = fmt.Sprintf("SYNDU%07d", r.IntN(10_000_000)) }},
	{"marital status missing", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Married = "" }},
}

// Again gives another record of the nth person, as another desk would have made
// it: with an id of its own and one to three errors, and those that show.
func (s *Source) Again(n int) (again Person, made []Error) {
	p, r := s.Person(n), s.random(3, n)
	p.ID = fmt.Sprintf("SYN%08dDUP", n)
	for range 1 + r.IntN(3) {
		before := p
		if kind := s.err(r, &p); p != before {
			made = append(made, kind)
		}
	}
	return p, made
}

// err makes one error.
func (s *Source) err(r *rand.Rand, p *Person) Error {
	chance := r.IntN(100)
	for _, e := range errors {
		if chance -= e.percent; chance < 0 {
			e.make(s, r, p)
			return e.Error
		}
	}
	return ""
}

// otherwise writes a compound name as one word, or else the two words of a name.
func (p Person) otherwise() Person {
	if other, is := p.Compound(); is {
		return other
	}
	if first, second, two := strings.Cut(p.Name, " "); two {
		p.Name = first + strings.ToLower(second)
	}
	return p
}

// initial leaves the first letter of a second name.
func initial(name string) string {
	first, second, two := strings.Cut(name, " ")
	if !two {
		return name
	}
	return first + " " + string([]rune(second)[:1]) + "."
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

// anyLetter gives one of the same script.
func anyLetter(r *rand.Rand, like rune) rune {
	switch {
	case unicode.Is(unicode.Hangul, like):
		return []rune(letters(r, hangulGiven, 1))[0]
	case unicode.Is(unicode.Han, like):
		return []rune(letters(r, hanGiven, 1))[0]
	}
	return rune("abcdefghijklmnopqrstuvwxyz"[r.IntN(26)])
}

// nextDay gives the day so many days later.
func nextDay(date string, days int) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return day.AddDate(0, 0, days).Format(time.DateOnly)
}

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
