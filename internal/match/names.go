// SPDX-License-Identifier: GPL-3.0-or-later

package match

import "math"

// Probabilities of a word of one record in another record of the same person: nearly
// always it is there as it is, one time in eight with an error, and hardly ever not at all
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
	wordInflected = 0.01 // an error makes it that of the other sex

	rarest         = 1e-5 // no word counts as rarer,
	rarestUnspaced = 0.01 // nor a letter of Han, kana or Hangul, where the others have such letters, too
	anyInitial     = 0.08

	// Where only the family's name is known it is often another person, such as the
	// other one of newborn twins.
	noNameAgrees = 0.1
)

var (
	log2Differs = math.Log2(wordDiffers)
	log2LeftOut = math.Log2(wordLeftOut)
	log2NoName  = math.Log2(noNameAgrees)
)

// misspeltShare is the probability that a stranger has a word that is an error, or
// two, away from one: there are many near a short word.
func misspeltShare(letters, errors int) float64 {
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

// pairing pairs the words of two names, in any order.
type pairing struct {
	a, b         []word
	twoSexes     bool // one is a man and the other a woman
	usedA, usedB [maxWords]bool
	lenA, lenB   int     // words; those that the other has joined count as one
	same         float64 // bits
	degree       float64
	found        [maxWords]agreement
	count        int
	differ       int // words of both that have no partner
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
		return evidence{same: log2NoName}, false
	}

	p := pairing{a: a.words, b: b.words, lenA: len(a.words), lenB: len(b.words)}
	p.twoSexes = a.gender == "m" && b.gender == "f" || a.gender == "f" && b.gender == "m"
	p.pairEqual()
	p.lenB -= p.pairJoined(p.a, p.b, &p.usedA, &p.usedB)
	p.lenA -= p.pairJoined(p.b, p.a, &p.usedB, &p.usedA)
	p.pairSimilar()
	p.pairInitials()
	p.weighUnpaired()

	sameNames = p.differ == 0 && p.inflected() == 0 && p.count > 1
	relative := p.relative(a.realBirth, b.realBirth) // may change same
	return evidence{same: p.same, relative: relative, degree: 2 * p.degree / float64(len(p.a)+len(p.b)), known: true}, sameNames
}

func (p *pairing) pairEqual() {
	for i := range p.a {
		for j := range p.b {
			if p.usedB[j] || p.a[i].text != p.b[j].text {
				continue
			}
			p.pair(i, j, agreement{share: p.a[i].share, same: weight(wordAgrees, p.a[i].share)}, 1)
			break
		}
	}
}

// pairSimilar pairs words with an error first, then those with two.
func (p *pairing) pairSimilar() {
	var errors [maxWords][maxWords]int8
	most := 0
	for i := range p.a {
		for j := range p.b {
			if p.usedA[i] || p.usedB[j] {
				continue
			}
			n := p.a[i].errors(&p.b[j])
			errors[i][j], most = int8(n), max(most, n)
		}
	}

	for n := 1; n <= most; n++ {
		for i := range p.a {
			for j := range p.b {
				if !p.usedA[i] && !p.usedB[j] && int(errors[i][j]) == n {
					p.pairMisspelt(i, j, n)
				}
			}
		}
	}
}

func (p *pairing) pairMisspelt(i, j, errors int) {
	short, long := len(p.a[i].letters), len(p.b[j].letters)
	if short > long {
		short, long = long, short
	}

	m := wordHasError
	if errors > 1 {
		m = wordHasErrors
	}
	inflected := p.twoSexes && differAtEnd(p.a[i].letters, p.b[j].letters)
	if inflected {
		m = wordInflected
	}

	share := min(max(p.a[i].share, p.b[j].share)+misspeltShare(short, errors), 1)
	p.pair(i, j, agreement{share, weight(m, share), true, inflected}, 1-0.9*float64(errors)/float64(long))
}

// differAtEnd reports whether similar words differ at the end: in the last
// letter, or in no more than the last two. So do the names of men and women, and in
// some languages their surnames: Luis and Luisa, Julio and Julia, Petrov and Petrova.
func differAtEnd(a, b []rune) bool {
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	return a[len(a)-1] != b[len(b)-1] || same >= max(len(a), len(b))-2
}

// pairInitials pairs an initial with a word that begins with it.
func (p *pairing) pairInitials() {
	for i := range p.a {
		for j := range p.b {
			if !p.usedA[i] && !p.usedB[j] && isInitial(&p.a[i], &p.b[j]) {
				p.pair(i, j, agreement{share: anyInitial, same: weight(initialAgrees, anyInitial), misspelt: true}, 0.5)
			}
		}
	}
}

// isInitial reports whether one word is the initial of the other.
func isInitial(a, b *word) bool {
	return (len(a.letters) == 1 || len(b.letters) == 1) && a.letters[0] == b.letters[0] && !isUnspaced(a.letters[0])
}

func (p *pairing) pair(i, j int, a agreement, degree float64) {
	p.usedA[i], p.usedB[j] = true, true
	p.add(a, degree)
}

func (p *pairing) add(a agreement, degree float64) {
	p.degree += degree
	p.same += a.same
	p.found[p.count] = a
	p.count++
}

// weighUnpaired weighs the words that have no partner.
func (p *pairing) weighUnpaired() {
	restA, restB := p.lenA-p.count, p.lenB-p.count
	p.differ = min(restA, restB)
	p.same += float64(p.differ)*log2Differs + float64(max(restA, restB)-p.differ)*log2LeftOut
}
