// SPDX-License-Identifier: GPL-3.0-or-later

package match

import "math"

// How often a word of one record is seen in another of the same person: nearly
// always as it is, one time in eight with an error, and hardly ever not at all
// while the other has a word more, too. A word that only one of them has is a
// second name or surname that was left out; a third of the records lack one.
const (
	wordAgrees    = 0.8
	wordHasError  = 0.12
	wordHasErrors = 0.03
	wordDiffers   = 0.01
	wordLeftOut   = 0.35
	initialAgrees = 0.95 // where one has an initial only

	rarest     = 1e-5 // no word is taken to be rarer
	anyInitial = 0.08

	// Relatives who bear the same names are of two generations; siblings hardly
	// ever are, but may have a part of their names in common, and names that are
	// alike.
	namedAfter = 0.03
	namedSame  = 0.002
	namedPart  = 0.1
	namedAlike = 0.02
	generation = 15 // years

	// Where only the family's name is known it is often somebody else, such as the
	// other one of newborn twins.
	sameNoName = 0.1
)

var (
	saysDiffers = math.Log2(wordDiffers)
	saysLeftOut = math.Log2(wordLeftOut)
	saysNoName  = math.Log2(sameNoName)
)

// alike is how probable it is that a stranger has a word that is an error, or
// two, away from one: there are many near a short word.
func alike(letters, errors int) float64 {
	share := 0.0005
	if letters < 5 {
		share = 0.004
	} else if letters < 7 {
		share = 0.001
	}
	if errors > 1 {
		share *= 4
	}
	return share
}

// pairing is how the words of two names go together, in any order.
type pairing struct {
	a, b         []word
	usedA, usedB [mostWords]bool
	same         float64 // bits
	degree       float64
	found        [mostWords]agreement
	count        int
	differ       int // words of both that fit nowhere
}

// agreement is a word that both have.
type agreement struct {
	share, same float64
	misspelt    bool
}

// compareNames compares word by word: name and last name may be swapped, and one
// may have more words than the other.
func compareNames(a, b *Person) evidence {
	if len(a.words) == 0 || len(b.words) == 0 {
		return evidence{same: saysNoName}
	}
	p := pairing{a: a.words, b: b.words}
	p.equal()
	p.similar()
	p.initials()
	p.rest()
	relative := p.relative(a.birth, b.birth) // may change same
	return evidence{same: p.same, relative: relative, degree: 2 * p.degree / float64(len(p.a)+len(p.b)), known: true}
}

func (p *pairing) equal() {
	for i := range p.a {
		for j := range p.b {
			if !p.usedB[j] && p.a[i].text == p.b[j].text {
				p.agree(i, j, agreement{p.a[i].share, bits(wordAgrees, p.a[i].share), false}, 1)
				break
			}
		}
	}
}

// similar pairs words with an error first, then those with two.
func (p *pairing) similar() {
	var errors [mostWords][mostWords]int8
	most := 0
	for i := range p.a {
		for j := range p.b {
			if !p.usedA[i] && !p.usedB[j] {
				n := p.a[i].errors(&p.b[j])
				errors[i][j], most = int8(n), max(most, n) //nolint:gosec // two at most
			}
		}
	}
	for n := 1; n <= most; n++ {
		for i := range p.a {
			for j := range p.b {
				if !p.usedA[i] && !p.usedB[j] && int(errors[i][j]) == n {
					p.misspelt(i, j, n)
				}
			}
		}
	}
}

func (p *pairing) misspelt(i, j, errors int) {
	short, long := len(p.a[i].letters), len(p.b[j].letters)
	if short > long {
		short, long = long, short
	}
	seen := wordHasError
	if errors > 1 {
		seen = wordHasErrors
	}
	share := min(max(p.a[i].share, p.b[j].share)+alike(short, errors), 1)
	p.agree(i, j, agreement{share, bits(seen, share), true}, 1-0.9*float64(errors)/float64(long))
}

// initials pairs an initial with a word that begins with it.
func (p *pairing) initials() {
	for i := range p.a {
		for j := range p.b {
			if !p.usedA[i] && !p.usedB[j] && initial(&p.a[i], &p.b[j]) {
				p.agree(i, j, agreement{anyInitial, bits(initialAgrees, anyInitial), true}, 0.5)
			}
		}
	}
}

func initial(a, b *word) bool {
	return (len(a.letters) == 1 || len(b.letters) == 1) && a.letters[0] == b.letters[0] && !run(a.letters[0])
}

func (p *pairing) agree(i, j int, a agreement, degree float64) {
	p.usedA[i], p.usedB[j] = true, true
	p.degree += degree
	p.same += a.same
	p.found[p.count] = a
	p.count++
}

// rest weighs the words that fit nowhere.
func (p *pairing) rest() {
	restA, restB := len(p.a)-p.count, len(p.b)-p.count
	p.differ = min(restA, restB)
	p.same += float64(p.differ)*saysDiffers + float64(max(restA, restB)-p.differ)*saysLeftOut
}

// relative weighs the same words if these are two of one family: half of them,
// the rarest that agree, are the surnames that they share anyway; of three two, if
// there is a name that differs.
func (p *pairing) relative(birthA, birthB int) (weight float64) {
	own := p.found[:p.count]
	shared := min(len(p.a), len(p.b))
	if p.differ > 0 {
		shared++
	}
	for range min(max(1, shared/2), p.count) {
		best := 0
		for i := range own {
			if own[i].same > own[best].same {
				best = i
			}
		}
		weight += own[best].same
		own[best] = own[len(own)-1]
		own = own[:len(own)-1]
	}
	if len(own) == 0 && p.differ == 0 {
		p.same += saysNoName
	}
	for _, word := range own {
		weight += bits(max(word.share, p.namesake(word, birthA, birthB)), word.share)
	}
	return weight
}

// namesake is how often a relative who was born then has such a name in common that
// is not the family's.
func (p *pairing) namesake(word agreement, birthA, birthB int) float64 {
	years := (birthA - birthB) / 10000
	switch {
	case p.differ > 0:
		return namedPart
	case birthA == 0 || birthB == 0:
		return namedAfter / 2 // half of one's relatives are of another generation
	case years <= -generation || years >= generation:
		return namedAfter
	case word.misspelt:
		return namedAlike
	}
	return namedSame
}
