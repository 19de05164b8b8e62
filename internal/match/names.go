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
	wordIsJoined  = 0.05 // written as one word here, and as several there
	otherSexes    = 0.01 // an error makes it that of the other sex

	rarest      = 1e-5 // no word is taken to be rarer,
	rarestInRun = 0.01 // nor a letter of Han, kana or Hangul, where the others have such letters, too
	anyInitial  = 0.08

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
	twoSexes     bool // one is a man and the other a woman
	usedA, usedB [mostWords]bool
	lenA, lenB   int     // words, those that the other has joined counted as one
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
	inflected   bool // another ending, and another sex
}

// compareNames compares word by word: name and last name may be swapped, and one
// may have more words than the other, or one where the other has several.
// sameNames says that nothing in them differs but by errors.
func compareNames(a, b *Person) (e evidence, sameNames bool) {
	if len(a.words) == 0 || len(b.words) == 0 {
		return evidence{same: saysNoName}, false
	}
	p := pairing{a: a.words, b: b.words, lenA: len(a.words), lenB: len(b.words)}
	p.twoSexes = a.gender == "m" && b.gender == "f" || a.gender == "f" && b.gender == "m"
	p.equal()
	p.lenB -= p.joined(p.a, p.b, &p.usedA, &p.usedB)
	p.lenA -= p.joined(p.b, p.a, &p.usedB, &p.usedA)
	p.similar()
	p.initials()
	p.rest()
	sameNames = p.differ == 0 && p.inflected() == 0 && p.count > 1
	relative := p.relative(a.real, b.real) // may change same
	return evidence{same: p.same, relative: relative, degree: 2 * p.degree / float64(len(p.a)+len(p.b)), known: true}, sameNames
}

func (p *pairing) equal() {
	for i := range p.a {
		for j := range p.b {
			if !p.usedB[j] && p.a[i].text == p.b[j].text {
				p.agree(i, j, agreement{share: p.a[i].share, same: bits(wordAgrees, p.a[i].share)}, 1)
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
	inflected := p.twoSexes && otherEnding(p.a[i].letters, p.b[j].letters)
	if inflected {
		seen = otherSexes
	}
	share := min(max(p.a[i].share, p.b[j].share)+alike(short, errors), 1)
	p.agree(i, j, agreement{share, bits(seen, share), true, inflected}, 1-0.9*float64(errors)/float64(long))
}

// otherEnding reports whether words that are alike differ at the end: in the last
// letter, or in no more than the last two. So do the names of men and women, and in
// some languages their surnames: Luis and Luisa, Julio and Julia, Petrov and Petrova.
func otherEnding(a, b []rune) bool {
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	return a[len(a)-1] != b[len(b)-1] || same >= max(len(a), len(b))-2
}

// initials pairs an initial with a word that begins with it.
func (p *pairing) initials() {
	for i := range p.a {
		for j := range p.b {
			if !p.usedA[i] && !p.usedB[j] && initial(&p.a[i], &p.b[j]) {
				p.agree(i, j, agreement{share: anyInitial, same: bits(initialAgrees, anyInitial), misspelt: true}, 0.5)
			}
		}
	}
}

func initial(a, b *word) bool {
	return (len(a.letters) == 1 || len(b.letters) == 1) && a.letters[0] == b.letters[0] && !run(a.letters[0])
}

func (p *pairing) agree(i, j int, a agreement, degree float64) {
	p.usedA[i], p.usedB[j] = true, true
	p.take(a, degree)
}

func (p *pairing) take(a agreement, degree float64) {
	p.degree += degree
	p.same += a.same
	p.found[p.count] = a
	p.count++
}

// rest weighs the words that fit nowhere.
func (p *pairing) rest() {
	restA, restB := p.lenA-p.count, p.lenB-p.count
	p.differ = min(restA, restB)
	p.same += float64(p.differ)*saysDiffers + float64(max(restA, restB)-p.differ)*saysLeftOut
}

// relative weighs the same words if these are two of one family: half of them,
// the rarest that agree, are the surnames that they share anyway; of three two, if
// there is a name that differs. Brother and sister with one name in two forms share
// all the others.
func (p *pairing) relative(birthA, birthB int) (weight float64) {
	own := p.found[:p.count]
	for range p.shared() {
		best := 0
		for i := range own {
			if own[i].likelierShared(own[best]) {
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

// shared counts the words that relatives have in common.
func (p *pairing) shared() int {
	all := min(p.lenA, p.lenB)
	switch inflected := p.inflected(); {
	case inflected > 0:
		return p.count - inflected
	case p.differ > 0:
		all++
	}
	return min(max(1, all/2), p.count)
}

// inflected counts the words that are the names of a man and a woman.
func (p *pairing) inflected() (words int) {
	for _, word := range p.found[:p.count] {
		if word.inflected {
			words++
		}
	}
	return words
}

func (a agreement) likelierShared(than agreement) bool {
	if a.inflected != than.inflected {
		return than.inflected
	}
	return a.same > than.same
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
