// SPDX-License-Identifier: GPL-3.0-or-later

package synth

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Error is a kind of error that a duplicate of a record may have.
type Error string

// errorKinds has each kind in the proportion that registers report: most are typing
// errors. An error may change nothing, where the record has nothing to change.
var errorKinds = []struct {
	Error
	percent int
	make    func(s *Source, r *rand.Rand, p *Person)
}{
	{"misspelt name", 22, func(_ *Source, r *rand.Rand, p *Person) { p.Name = typoInOne(r, p.Name) }},
	{"misspelt lastname", 22, func(_ *Source, r *rand.Rand, p *Person) { p.Lastname = typoInOne(r, p.Lastname) }},
	{"name and lastname swapped", 8, func(_ *Source, _ *rand.Rand, p *Person) { p.Name, p.Lastname = p.Lastname, p.Name }},
	{"day and month swapped", 8, func(_ *Source, _ *rand.Rand, p *Person) { p.Born = swapDayAndMonth(p.Born) }},
	{"another digit of the date", 6, func(_ *Source, r *rand.Rand, p *Person) { p.Born = changeDigit(r, p.Born) }},
	{"a day off", 1, func(_ *Source, r *rand.Rand, p *Person) { p.Born = addDays(p.Born, 2*r.IntN(2)-1) }},
	{"second name left out", 6, func(_ *Source, _ *rand.Rand, p *Person) { p.Name, _, _ = strings.Cut(p.Name, " ") }},
	{"second name an initial", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Name = withInitial(p.Name) }},
	{"a surname more or less", 8, func(s *Source, r *rand.Rand, p *Person) {
		p.Lastname = addOrDropSurname(p.Lastname, s.surnames.draw(r))
	}},
	{"words joined or split", 3, func(_ *Source, _ *rand.Rand, p *Person) { *p = p.respell() }},
	{"date missing", 3, func(_ *Source, _ *rand.Rand, p *Person) { p.Born = "" }},
	{"date written as unknown", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Born = UnknownDate }},
	{"gender missing", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Gender = "" }},
	{"gender mistyped", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Gender = map[string]string{"f": "m", "m": "f"}[p.Gender] }},
	{"moved", 3, func(_ *Source, r *rand.Rand, p *Person) { p.Unit = fmt.Sprintf("SYNDU%07d", r.IntN(10_000_000)) }},
	{"marital status missing", 2, func(_ *Source, _ *rand.Rand, p *Person) { p.Married = "" }},
}

// Duplicate gives a second record of the nth person, as another desk would have made
// it: with an id of its own and one to three errors. It also lists the errors that show.
func (s *Source) Duplicate(n int) (duplicate Person, made []Error) {
	p, r := s.Person(n), s.random(3, n)
	p.ID = fmt.Sprintf("SYN%08dDUP", n)
	for range 1 + r.IntN(3) {
		before := p
		kind := s.makeError(r, &p)
		if p != before {
			made = append(made, kind)
		}
	}
	return p, made
}

// makeError makes one error, and gives its kind.
func (s *Source) makeError(r *rand.Rand, p *Person) Error {
	chance := r.IntN(100)
	for _, e := range errorKinds {
		chance -= e.percent
		if chance < 0 {
			e.make(s, r, p)
			return e.Error
		}
	}
	return ""
}

// respell writes a compound name as one word, or else the two words of a name.
func (p Person) respell() Person {
	if other, is := p.Compound(); is {
		return other
	}

	if first, second, two := strings.Cut(p.Name, " "); two {
		p.Name = first + strings.ToLower(second)
	}
	return p
}

// withInitial leaves the first letter of a second name.
func withInitial(name string) string {
	first, second, two := strings.Cut(name, " ")
	if !two {
		return name
	}
	return first + " " + string([]rune(second)[:1]) + "."
}

// addOrDropSurname leaves out the second of two surnames, or adds one.
func addOrDropSurname(names, another string) string {
	if first, _, two := strings.Cut(names, " "); two {
		return first
	}
	return strings.TrimSpace(names + " " + another)
}
